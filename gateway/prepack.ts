/**
 * `npm pack` ships JavaScript and declarations, because Node runs no TypeScript below `node_modules`. This writes them to
 * `dist/`: what the compiler emits, the files that it leaves alone, and where the aliases lead there.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-p', 'tsconfig.pack.json'], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(1)

/** What the compiler has not emitted is read at run time as it is. */
for (const file of [
  'config/init',
  'config/services.yaml',
  ...filesIn('gateway').filter(file => file.endsWith('.sql')),
])
  cpSync(join(root, file), join(dist, file), { recursive: true })

const { name, version, type, imports } = packageJson
const emitted = Object.entries(imports).map(([alias, path]) => [
  alias,
  { types: path.replace('.ts', '.d.ts'), default: path.replace('.ts', '.js') },
])
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ name, version, type, imports: Object.fromEntries(emitted) }, null, 2)}\n`,
)

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(file =>
    join(folder, file),
  )
}
