/** The words of the catalogue, as its readers know them. */
import type { CapabilityKind } from '#contracts/capability.ts'
import type { Text } from '#contracts/text.ts'
import type { Catalogue, CatalogueElement } from './catalogue.ts'

type Trust = Catalogue['upstreams'][number]['trust']
type Words<Key extends string> = Readonly<Record<Key, Text>>

export const trustWords: Words<Trust> = {
  documented: { id: 'terdokumentasi', en: 'documented' },
  observed: { id: 'teramati', en: 'observed' },
  assumed: { id: 'diduga', en: 'assumed' },
  assisted: { id: 'dibantu petugas', en: 'assisted' },
}

export const kindWords: Words<CapabilityKind> = {
  query: { id: 'pertanyaan', en: 'question' },
  match: { id: 'pencocokan', en: 'match' },
  submission: { id: 'permohonan', en: 'order' },
  notice: { id: 'pemberitahuan', en: 'notice' },
}

export const classWords: Words<CatalogueElement['dataClass']> = {
  public: { id: 'publik', en: 'public' },
  personal: { id: 'pribadi', en: 'personal' },
  specific: { id: 'pribadi spesifik', en: 'specific' },
}

export const presenceWords: Words<CatalogueElement['presence']> = {
  always: { id: 'selalu ada', en: 'always' },
  optional: { id: 'bila ada', en: 'optional' },
}

export const words = {
  heading: { id: 'Kemampuan gerbang ini', en: 'What this gateway can do' },
  introduction: {
    id: 'Apa yang dapat ditanyakan, siapa yang menjawab, dan unsur data apa yang dapat diberikan. Yang benar-benar diberikan ditentukan perjanjian.',
    en: 'What can be asked, who answers, and which elements there are. What is really given, the agreements decide.',
  },
  assumedNote: {
    id: 'Yang bertanda diduga belum dipastikan sumber mana pun: pastikan dahulu dengan instansinya.',
    en: 'What is marked as assumed rests on a guess that no source confirms: confirm it with the agency first.',
  },
  assistedNote: {
    id: 'Yang dibantu petugas tidak dikirim gerbang: petugas mengambilnya dari daftar kerja dan memasukkannya di aplikasi instansi.',
    en: "What is assisted is not sent by the gateway: an officer takes it from the work list and enters it in the agency's own application.",
  },
  contents: { id: 'Isi', en: 'Contents' },
  capabilities: { id: 'Yang dapat ditanyakan', en: 'What can be asked' },
  notices: { id: 'Yang diberitahukan instansi', en: 'What agencies tell us' },
  upstreams: { id: 'Instansi', en: 'Agencies' },
  kind: { id: 'Jenis', en: 'Kind' },
  routes: { id: 'Alamat', en: 'Address' },
  servedBy: { id: 'Dilayani oleh, menurut urutan ditanya', en: 'Served by, in the order asked' },
  toldBy: { id: 'Diberitahukan oleh', en: 'Told by' },
  elements: { id: 'Unsur', en: 'Elements' },
  path: { id: 'Unsur', en: 'Element' },
  label: { id: 'Arti', en: 'Meaning' },
  dataClass: { id: 'Golongan', en: 'Class' },
  presence: { id: 'Keberadaan', en: 'There' },
  upstream: { id: 'Sambungan', en: 'Upstream' },
  agency: { id: 'Instansi', en: 'Agency' },
  trust: { id: 'Asal kontrak', en: 'Contract' },
  policy: { id: 'Perlakuan', en: 'Policy' },
  deadline: { id: 'Batas waktu', en: 'Deadline' },
  retries: { id: 'Percobaan ulang', en: 'Retries' },
  concurrency: { id: 'Sekaligus', en: 'At once' },
  breaker: { id: 'Pemutus', en: 'Breaker' },
  skips: { id: 'Pemeriksaan yang dilewati', en: 'Checks left out' },
  check: { id: 'Pemeriksaan', en: 'Check' },
  capability: { id: 'Kemampuan', en: 'Capability' },
  all: { id: 'semua', en: 'all' },
  reason: { id: 'Alasan', en: 'Reason' },
} satisfies Record<string, Text>

/** `from 50 % faults in 10 calls, for 15000 ms` */
export const breakerWords = ({
  errorPercent,
  minimumCalls,
  openMs,
}: Catalogue['upstreams'][number]['policy']['breaker']): Text => ({
  id: `mulai ${errorPercent} % gangguan dari ${minimumCalls} panggilan, selama ${openMs} ms`,
  en: `from ${errorPercent} % faults in ${minimumCalls} calls, for ${openMs} ms`,
})
