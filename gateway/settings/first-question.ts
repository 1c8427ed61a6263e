interface Counter {
  readonly url: string
  readonly apiKey: string
  readonly caseId: string
}

/** A question to paste into a shell: about a resident whom the stand-in registry knows, with the whole context. */
export const firstQuestion = ({ url, apiKey, caseId }: Counter): string => `\
curl -s ${url}/v1/residents/lookup \\
  -H "Authorization: Bearer ${apiKey}" \\
  -H "Mpp-Case: ${caseId}" -H "Mpp-Purpose: skck.new" \\
  -H "Mpp-Counter: A-03" -H "Mpp-Officer: o-7f3a" \\
  -H "Content-Type: application/json" -d '{"nik":"9999011501900001"}'`
