/** `npm run keys <folder> <member>`: a new API key, shown once; the configuration gets its hash, by hand. */
import { hash, randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { blockOf } from './check.ts'
import { configFolder } from './load.ts'
import { placeOf, type Problem, readYaml } from './read-yaml.ts'

const [path, memberId] = process.argv.slice(3)

if (path === undefined || memberId === undefined) {
  refuse(
    'For whom? npm run keys <folder> <member>, with the folder of gateway.yaml and the id of a member in it.',
  )
} else {
  const problems: Problem[] = []
  const folder = configFolder(path)
  const file = folder === path ? 'gateway.yaml' : basename(path)
  const content = readYaml(folder, file, process.env, problems)
  const members = blockOf(blockOf(content)['members'])
  if (content === undefined) {
    refuse(problems.map(problem => `${placeOf(problem)}: expected ${problem.expected}`).join('\n'))
  } else if (!Object.hasOwn(members, memberId)) {
    refuse(`${file} has no member ${memberId}: one of ${Object.keys(members).join(', ') || 'none'}.`)
  } else {
    const { keys } = blockOf(members[memberId])
    const taken = Array.isArray(keys) ? keys.map(key => blockOf(key)['id']) : []
    console.log(newKey(memberId, file, freeId(taken)))
  }
}

/** The day, and a number when that is taken. */
function freeId(taken: readonly unknown[]): string {
  const today = `key-${Temporal.Now.plainDateISO().toString()}`
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? today : `${today}-${number}`
    if (!taken.includes(id)) return id
  }
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 1
}

/** 256 random bits, so that a plain hash is enough to know it by. */
function newKey(member: string, file: string, id: string): string {
  const apiKey = `mpp_${randomBytes(32).toString('base64url')}`
  return `
A new API key of ${member}, shown this once and kept nowhere:

  ${apiKey}

Put this line among members.${member}.keys in ${file}, and start the gateway anew:

      - { id: ${id}, sha256: ${hash('sha256', apiKey)} }

It may have an end (expires: 2027-06-30) and fewer roles than its member (roles: [member]). Keys beside it stay valid: give this
one to whoever calls, wait until the ledger and the log know no other, and take the old one out.
`
}
