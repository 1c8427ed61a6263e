/** `npm run new-adapter <id>`: an adapter's folder and its stand-in, from the template, with the holes marked. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const template = join(import.meta.dirname, 'template')
const id = process.argv[3] ?? ''
const folders = { adapter: join('adapters', id), mock: join('mocks', id) }

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  refuse(
    'Which agency? npm run new-adapter <id>, with an id of small letters and digits, joined by "-": land-office',
  )
} else if (Object.values(folders).some(folder => existsSync(join(root, folder)))) {
  refuse(
    `${id} is there already (${Object.values(folders).join(', ')}), and stays as it is. Choose another id.`,
  )
} else {
  const words: Readonly<Record<string, string>> = {
    id,
    name: id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    port: String(freePort()),
  }
  for (const [part, folder] of Object.entries(folders)) {
    mkdirSync(join(root, folder), { recursive: true })
    for (const file of readdirSync(join(template, part))) {
      const text = readFileSync(join(template, part, file), 'utf8')
      const filled = text.replace(/\{\{(\w+)\}\}/g, (_, word: string) => words[word]!)
      writeFileSync(join(root, folder, file.replace('.template', '')), filled, { flag: 'wx' })
    }
  }
  console.log(nextSteps())
}

/** The one behind the highest that a stand-in has. */
function freePort(): number {
  const servers = readdirSync(join(root, 'mocks'), { recursive: true, encoding: 'utf8' })
  const ports = servers
    .filter(file => file.endsWith('server.ts'))
    .flatMap(file => [...readFileSync(join(root, 'mocks', file), 'utf8').matchAll(/defaultPort: (\d+)/g)])
    .map(([, port]) => Number(port))
  return Math.max(9100, ...ports) + 1
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 1
}

function nextSteps(): string {
  return `
${folders.adapter}/ and ${folders.mock}/ are there. They work already, for an agency that does not exist; what to replace is
marked FILL IN. The tests name every place:

  npx vitest run adapters/${id}

adapters/README.md leads from here to a running adapter.
`
}
