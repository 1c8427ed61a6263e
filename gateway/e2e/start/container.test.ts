/** The steps of the Dockerfile without an engine: what it copies must be enough to run. */
import { cpSync, readFileSync, symlinkSync } from 'node:fs'
import { join, matchesGlob, relative } from 'node:path'
import { expect, it } from 'vitest'
import { addressOf, defaultAgency, initTrial, newFolder, root, run } from './processes.ts'

const linesOf = (file: string): string[] => readFileSync(join(root, file), 'utf8').split('\n')

/** The folder that the last stage of the Dockerfile makes, with this checkout's packages. */
function buildImage(): string {
  const image = newFolder()
  const ignored = linesOf('.dockerignore').filter(line => line.length > 1 && !line.startsWith('!'))
  const isKept = (path: string) => !ignored.some(pattern => matchesGlob(relative(root, path), pattern))
  const lines = linesOf('Dockerfile')
  for (const line of lines.slice(lines.findLastIndex(line => line.startsWith('FROM')))) {
    const [, from, to] = /^COPY ([\w./]+) ([\w./]+)$/.exec(line) ?? []
    if (from && to)
      cpSync(join(root, from), join(image, to === './' ? from : to), { recursive: true, filter: isKept })
  }
  symlinkSync(join(root, 'node_modules'), join(image, 'node_modules'))
  return image
}

it('the image runs as nobody of note, with everything but /data read-only', () => {
  const lines = linesOf('Dockerfile')
  const last = lines.slice(lines.findLastIndex(line => line.startsWith('FROM')))
  expect(last.filter(line => line.startsWith('USER'))).toEqual(['USER node'])
  expect(last.filter(line => /--chown|chmod|^ADD /.test(line))).toEqual([]) // what is copied stays root's
  expect(last.filter(line => line.startsWith('VOLUME'))).toEqual(['VOLUME /data'])
  expect(last.join('\n')).not.toMatch(/^(ENV|ARG) .*(KEY|PASSWORD|SECRET|TOKEN)/m)
  expect(lines.join('\n')).toMatch(/npm ci --omit=dev/)
  expect(lines.join('\n')).toMatch(/docker run --read-only/)
})

it('what the image holds starts, is healthy, and stops', async () => {
  const image = buildImage()
  const { folder } = await initTrial(defaultAgency)
  const environment = { NODE_ENV: 'production', HOST: '0.0.0.0', MPP_CONFIG: folder, MPP_DATA: newFolder() }
  const [, ...entry] = JSON.parse(
    /^ENTRYPOINT (.*)$/m.exec(linesOf('Dockerfile').join('\n'))![1]!,
  ) as string[]
  const [, ...check] = JSON.parse(/^ +CMD (.*)$/m.exec(linesOf('Dockerfile').join('\n'))![1]!) as string[]

  const gateway = run(entry, { ...environment, PORT: '0' }, image)
  const { port } = new URL(await addressOf(gateway))
  expect(await run(check, { PORT: port }, image).ended).toBe(0)
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
  expect(await run(check, { PORT: port }, image).ended).toBe(1)

  const init = run([...entry, 'init', join(newFolder(), 'another')], {}, image)
  expect(await init.ended).toBe(0)
})
