/** As far as `load.ts` uses it; the package brings no types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly connections: number
    /** Seconds. */
    readonly duration: number
    /** Called once per connection. */
    setupClient(client: { setRequests(requests: { readonly body: string }[]): void }): void
    /** False counts as a mismatch. */
    verifyBody(body: string): boolean
  }

  interface Result {
    /** Seconds. */
    readonly duration: number
    readonly '2xx': number
    readonly non2xx: number
    /** Broken connections and timeouts. */
    readonly errors: number
    readonly mismatches: number
  }

  interface Run extends Promise<Result> {
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, ms: number) => void,
    ): void
  }

  export default function autocannon(options: Options): Run
}
