import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import standIn, { startDukcapil } from '../../../mocks/dukcapil/server.ts'
import { addressOf, defaultAgency, initTrial, newFolder, run, start } from './processes.ts'

const hasShell = spawnSync('sh', ['-c', 'command -v curl']).status === 0
if (!hasShell) console.warn('skipped: the commands that init prints (no sh, or no curl)')

describe('npm run init', () => {
  it.skipIf(!hasShell)(
    'writes a configuration that answers at once, with the commands it prints',
    async () => {
      expect(defaultAgency).toBe(`http://127.0.0.1:${standIn.defaultPort}`)
      const agency = await startDukcapil()
      onTestFinished(() => agency.close())
      const { folder, printed } = await initTrial(agency.url)
      const url = await addressOf(start({ MPP_CONFIG: folder }))

      const commands = /^case=.*?\n(?=\n)/ms.exec(printed)![0].replaceAll('http://127.0.0.1:8080', url)
      const { stdout } = await promisify(execFile)('sh', ['-c', commands])
      expect(JSON.parse(stdout)).toMatchObject({
        data: { nik: '9999011501900001', fullName: 'WARGA CONTOH SATU' },
      })
    },
  )

  it('writes a gateway on trial: a real citizen is refused before anything is sent', async () => {
    const agency = await startDukcapil()
    onTestFinished(() => agency.close())
    const { folder, apiKey } = await initTrial(agency.url)
    const url = await addressOf(start({ MPP_CONFIG: folder }))
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const post = (path: string, body: object, more: object = {}) =>
      fetch(url + path, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) })

    const { id } = (await (await post('/v1/cases', {})).json()) as { id: string }
    const context = {
      'mpp-case': id,
      'mpp-purpose': 'skck.new',
      'mpp-counter': 'A-03',
      'mpp-officer': 'o-7f3a',
    }
    const answer = await post('/v1/residents/lookup', { nik: '3204011501900001' }, context)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('this gateway is on trial')
    expect(agency.calls).toEqual({})
  })

  it('keeps secrets to their owner and the API key nowhere', async () => {
    const { folder, apiKey } = await initTrial(defaultAgency)
    const modeOf = (path: string): string => (statSync(join(folder, path)).mode & 0o777).toString(8)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
      statSync(join(folder, file)).isFile(),
    )
    const secrets = files.filter(file => file.startsWith('keys'))

    expect(secrets).toHaveLength(8)
    expect(modeOf('keys')).toBe('700')
    for (const secret of secrets) expect(modeOf(secret)).toBe('600')
    for (const file of files) expect(readFileSync(join(folder, file), 'utf8')).not.toContain(apiKey)
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('keys/\ndata/\nanchors/\n')
  })

  it('makes other keys each time', async () => {
    const [one, two] = await Promise.all([initTrial(defaultAgency), initTrial(defaultAgency)])
    const keysOf = (folder: string) =>
      ['sealing', 'ledger', 'pseudonyms'].map(name => readFileSync(join(folder, 'keys', name), 'utf8'))
    expect(new Set([...keysOf(one.folder), ...keysOf(two.folder)]).size).toBe(6)
    expect(one.apiKey).not.toBe(two.apiKey)
  })

  it('leaves a folder that has something in it as it is', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    const init = run(['gateway/start.js', 'init', folder])
    expect(await init.ended).toBe(1)
    expect(init.printed).toBe(`${folder} is there already, and stays as it is. Choose a new folder.\n`)
    expect(readdirSync(folder)).toEqual(['mine.txt'])
  })

  it('says how it is used when no folder is named', async () => {
    const init = run(['gateway/start.js', 'init'])
    expect(await init.ended).toBe(1)
    expect(init.printed).toContain('npm run init <folder>')
    expect(existsSync('undefined')).toBe(false)
  })
})
