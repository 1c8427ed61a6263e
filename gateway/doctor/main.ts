/**
 * `npm run doctor`: what an operator should look at now, most urgent first; beside running gateways, and where none runs.
 * Ends with 0 when all is well, 1 when there is something to look at, 2 when it cannot look.
 */
import { SettingsInvalid } from '#gateway/settings/load.ts'
import { readSettings } from '#gateway/settings/read.ts'
import { openReader } from '#gateway/store/open.ts'
import { examine } from './examine.ts'
import { report, terminalLanguage } from './report.ts'

const language = terminalLanguage(process.env)
const say = (id: string, en: string): string => ({ id, en })[language]

try {
  const { settings, process: place } = await readSettings(process.env)
  const { databaseUrl, dataFolder } = place
  const store = await openReader(place, settings.keys.ledger)
  try {
    const found = await examine(settings, store, databaseUrl === undefined ? dataFolder : undefined)
    console.log(report(found, settings.mall.timeZone, language))
    process.exitCode = found.findings.length > 0 ? 1 : 0
  } finally {
    await store.close()
  }
} catch (error) {
  console.log(`${say('Tidak dapat memeriksa.', 'Cannot look.')}\n`)
  if (error instanceof SettingsInvalid)
    console.log(`${say('Konfigurasi salah', 'The configuration is wrong')}:\n\n${error.message}`)
  else if (error instanceof Error)
    console.log(`${say('Penyimpanan tidak terbaca', 'The store cannot be read')}: ${error.message}`)
  process.exitCode = 2
}
