/** `npm run init <folder>`: the configuration in `config/init/`, copied, with keys of its own. */
import { hash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { firstQuestion } from './first-question.ts'

const template = join(import.meta.dirname, '../../config/init')
const folder = process.argv[3]

if (!folder) {
  refuse('Which folder? npm run init <folder> writes a configuration into a new one.')
} else if (existsSync(folder) && !(statSync(folder).isDirectory() && readdirSync(folder).length === 0)) {
  refuse(`${folder} is there already, and stays as it is. Choose a new folder.`)
} else {
  const apiKey = `mpp_${randomBytes(32).toString('base64url')}`
  for (const file of filesIn(template)) {
    write(
      folder,
      file,
      readFileSync(join(template, file), 'utf8').replace('{{apiKeySha256}}', hash('sha256', apiKey)),
    )
  }
  for (const name of ['sealing', 'ledger', 'pseudonyms', 'anchors']) {
    write(folder, join('keys', name), `${randomBytes(32).toString('base64')}\n`)
  }
  write(folder, '.gitignore', 'keys/\ndata/\nanchors/\n')
  console.log(nextSteps(folder, apiKey))
}

function filesIn(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return entries.filter(entry => statSync(join(root, entry)).isFile())
}

/** What lies in a folder of its own for keys is for nobody else to read. */
function write(root: string, file: string, text: string): void {
  const path = join(root, file)
  const isSecret = dirname(file) === 'keys'
  mkdirSync(dirname(path), { recursive: true, mode: isSecret ? 0o700 : 0o755 })
  writeFileSync(path, text, { mode: isSecret ? 0o600 : 0o644, flag: 'wx' })
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 1
}

function nextSteps(configFolder: string, apiKey: string): string {
  const url = 'http://127.0.0.1:8080'
  return `
${configFolder} holds a gateway on trial, about synthetic people only. Its first API key, shown this once and kept nowhere:

  ${apiKey}

Run \`npm run mocks\` in one terminal and \`MPP_CONFIG=${configFolder} npm start\` in another. Then open a case and ask:

case=$(curl -s ${url}/v1/cases -H "Authorization: Bearer ${apiKey}" \\
  -H "Content-Type: application/json" -d '{}' | cut -d'"' -f4)
${firstQuestion({ url, apiKey, caseId: '$case' })}

What to change before the first citizen is marked "Going live" in ${join(configFolder, 'gateway.yaml')}.
`
}
