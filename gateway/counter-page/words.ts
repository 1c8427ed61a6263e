/** What the counter page says to officers. */
import type { FailureCode } from '#contracts/failures.ts'
import type { Text } from '#contracts/text.ts'
import type { PromisedTime } from '#gateway/services/service.ts'

export const words = {
  // The frame
  counterPage: { id: 'Loket', en: 'Counter' },
  skip: { id: 'Langsung ke isi', en: 'Skip to content' },
  demo: { id: 'Demo: penduduk contoh', en: 'Demo: synthetic people' },
  visit: { id: 'Kunjungan', en: 'Visit' },
  counter: { id: 'Loket', en: 'Counter' },
  officer: { id: 'Petugas', en: 'Officer' },
  service: { id: 'Layanan', en: 'Service' },
  open: { id: 'Terbuka', en: 'Open' },
  until: { id: 'Sampai', en: 'Until' },
  change: { id: 'Ganti', en: 'Change' },
  changeService: { id: 'Ganti layanan', en: 'Change the service' },
  changeHint: {
    id: 'Data yang sudah dilihat untuk satu layanan tidak dibawa ke layanan lain.',
    en: 'What was seen for one service is not carried over to another.',
  },
  endVisit: { id: 'Akhiri kunjungan', en: 'End the visit' },
  work: { id: 'Langkah kunjungan', en: 'Steps of the visit' },
  tabResident: { id: 'Data penduduk', en: 'Resident' },
  tabMatch: { id: 'Cocokkan formulir', en: 'Match a form' },
  tabService: { id: 'Persyaratan', en: 'Requirements' },
  tabReport: { id: 'Laporan kehilangan', en: 'Loss report' },
  tabOrder: { id: 'Permohonan', en: 'Order' },
  choose: { id: 'Pilih …', en: 'Choose …' },
  optional: { id: 'bila ada', en: 'if known' },
  mistakes: { id: 'Belum dapat dikirim. Periksa:', en: 'It cannot be sent yet. Check:' },
  mistakeUsual: { id: 'Perlu diisi, atau belum benar.', en: 'Needed, or not right yet.' },
  busy: { id: 'Menanyakan …', en: 'Asking …' },
  sending: { id: 'Mengirim …', en: 'Sending …' },
  noService: { id: 'Layanan ini tidak dikenal di mal.', en: 'The mall does not know this service.' },
  notHere: { id: 'Halaman tidak ada', en: 'No such page' },
  notHereText: {
    id: 'Permohonan ini tidak termasuk kunjungan yang terbuka, atau alamatnya keliru.',
    en: 'This order is not of the open visit, or the address is wrong.',
  },
  back: { id: 'Kembali ke loket', en: 'Back to the counter' },
  refusedForm: { id: 'Formulir ini tidak diterima', en: 'This form was not accepted' },
  refusedFormText: {
    id: 'Formulir tidak berasal dari halaman loket yang terbuka di peramban ini. Buka kembali halamannya dan isi dari sana.',
    en: 'The form did not come from a counter page open in this browser. Open the page again and fill it in there.',
  },

  // The start
  startTitle: { id: 'Siap melayani', en: 'Ready to serve' },
  startText: {
    id: 'Satu kunjungan untuk satu warga. Semua yang dilihat dan dipesan di dalamnya tercatat atas petugas, loket dan layanan ini.',
    en: 'One visit for one citizen. Whatever is seen and ordered in it is on record for this officer, counter and service.',
  },
  openVisit: { id: 'Buka kunjungan', en: 'Open a visit' },
  counterHint: { id: 'Nomor loket, misalnya A-03', en: 'The number of the counter, such as A-03' },
  officerHint: { id: 'Kode petugas, bukan NIP atau NIK', en: 'The code of the officer, not a NIP or NIK' },
  deskUnfit: { id: 'Periksa loket dan petugas', en: 'Check counter and officer' },
  deskUnfitText: {
    id: 'Huruf, angka, titik dan tanda hubung, tanpa spasi; bukan NIP atau NIK.',
    en: 'Letters, digits, dots and dashes, without spaces; no NIP or NIK.',
  },
  over: { id: 'Kunjungan sudah berakhir', en: 'The visit has ended' },
  overText: {
    id: 'Waktunya habis, dan data warga telah dihapus dari halaman ini. Buka kunjungan baru untuk melanjutkan.',
    en: "Its time is up, and the citizen's data is gone from this page. Open a new visit to go on.",
  },
  whatTitle: { id: 'Yang dapat dilakukan di sini', en: 'What you can do here' },
  whatLookup: {
    id: 'Melihat data penduduk: dari instansi mana tiap isian, dan seberapa baru.',
    en: 'Look up a resident: which agency each datum came from, and how old it is.',
  },
  whatMatch: {
    id: 'Mencocokkan formulir tanpa memindahkan data: sesuai atau tidak.',
    en: 'Match a form without moving data: yes or no.',
  },
  whatBring: {
    id: 'Mengetahui apa yang masih harus dibawa warga, biayanya dan lamanya.',
    en: 'Know what the citizen must still bring, what it costs and how long it takes.',
  },
  whatOrder: {
    id: 'Mengirim laporan kehilangan dan mengikuti jamnya sampai selesai.',
    en: 'Order a loss report, and follow its clock to the end.',
  },

  // Look-up
  lookupTitle: { id: 'Lihat data penduduk', en: 'Look up a resident' },
  lookup: { id: 'Lihat data', en: 'Look up' },
  examples: { id: 'Contoh untuk dicoba', en: 'Examples to try' },
  nothingYet: { id: 'Belum ada yang ditanyakan', en: 'Nothing asked yet' },
  lookupEmpty: {
    id: 'Isi NIK, lalu data tampil di sini: hanya unsur yang diizinkan perjanjian untuk layanan ini, masing-masing dengan asal dan umurnya.',
    en: 'Enter a NIK, and the data appears here: only what the agreement allows for this service, each datum with where it came from and how old it is.',
  },
  reportWithThis: { id: 'Buat laporan kehilangan', en: 'Make a loss report' },
  origin: { id: 'Asal', en: 'Source' },
  live: { id: 'langsung', en: 'live' },
  cached: { id: 'tersimpan', en: 'kept' },
  stale: { id: 'data lama', en: 'old data' },
  liveText: { id: 'baru saja ditanyakan kepada instansi', en: 'asked of the agency just now' },
  cachedText: {
    id: 'dari pertanyaan sebelumnya dalam kunjungan ini',
    en: 'from an earlier question in this visit',
  },
  staleTitle: { id: 'Instansi sedang tidak dapat ditanya', en: 'The agency cannot be asked now' },
  staleText: { id: 'dari pertanyaan yang lebih lama', en: 'from a question longer ago' },
  staleAdvice: {
    id: 'Yang tampil adalah data lama, sebagaimana diperoleh pada waktu yang tertera. Cocokkan dengan berkas warga.',
    en: "What is shown is old data, as it was at the time given. Compare it with the citizen's papers.",
  },
  stoodIn: {
    id: 'Sumber pertama tidak dapat ditanya; sumber berikutnya yang menjawab.',
    en: 'The first source could not be asked; the next one answered.',
  },
  emptyValue: { id: 'kosong pada instansi', en: 'kept empty by the agency' },
  unknownCode: { id: 'tidak ada dalam daftar kode', en: 'in no code list' },
  withheldTitle: { id: 'Tidak ditampilkan', en: 'Not shown' },
  withheldText: {
    id: 'Instansi memberikannya, tetapi perjanjian tidak mengizinkannya untuk layanan ini:',
    en: 'The agency gave it, but the agreement does not allow it for this service:',
  },
  warningsTitle: { id: 'Perlu perhatian', en: 'Look twice' },
  warningsText: {
    id: 'Teks instansi ini tidak dikenal daftar kode mana pun. Bacalah apa adanya:',
    en: 'No code list knows these texts of the agency. Read them as they are:',
  },
  sourcesTitle: { id: 'Siapa yang ditanya', en: 'Who was asked' },
  sourceOk: { id: 'menjawab', en: 'answered' },
  fromKept: { id: 'tidak perlu ditanya lagi', en: 'need not be asked again' },
  evidence: { id: 'Nomor bukti', en: 'Record' },
  milliseconds: { id: 'ms', en: 'ms' },

  // Match
  matchTitle: { id: 'Cocokkan isian formulir', en: 'Match what a form says' },
  matchText: {
    id: 'Instansi menjawab sesuai atau tidak sesuai untuk tiap isian. Tidak ada data yang kembali.',
    en: 'The agency answers yes or no for each entry. No data comes back.',
  },
  match: { id: 'Cocokkan', en: 'Match' },
  fillExample: { id: 'Isi contoh', en: 'Fill in an example' },
  matches: { id: 'sesuai', en: 'match' },
  mismatches: { id: 'tidak sesuai', en: 'no match' },
  similarity: { id: 'kemiripan', en: 'similarity' },
  notCompared: { id: 'tidak dibandingkan', en: 'not compared' },
  matchEmpty: {
    id: 'Isi apa yang tertulis di formulir warga; hasilnya tampil di sini.',
    en: 'Enter what the citizen wrote; the result appears here.',
  },
  allMatch: { id: 'Semua isian sesuai', en: 'Every entry matches' },
  someMismatch: { id: 'Ada isian yang tidak sesuai', en: 'Some entries do not match' },

  // Requirements
  bring: { id: 'Yang harus dibawa warga', en: 'What the citizen must bring' },
  bringText: { id: 'Centang yang sudah ditunjukkan di loket.', en: 'Tick what was shown at the counter.' },
  save: { id: 'Simpan', en: 'Save' },
  met: { id: 'sudah', en: 'there' },
  missing: { id: 'belum', en: 'missing' },
  conditional: { id: 'bergantung', en: 'depends' },
  optionalState: { id: 'boleh', en: 'optional' },
  nothingMissing: { id: 'Tidak ada lagi yang harus dibawa.', en: 'Nothing is missing.' },
  requirementsUnknown: { id: 'Persyaratannya belum diketahui.', en: 'Nobody knows yet what is required.' },
  toBring: { id: 'Masih harus dibawa', en: 'Still to bring' },
  cost: { id: 'Biaya', en: 'Fee' },
  free: { id: 'Gratis', en: 'Free' },
  takes: { id: 'Lamanya', en: 'Time' },
  product: { id: 'Hasil', en: 'Result' },
  steps: { id: 'Langkah', en: 'Steps' },
  complaints: { id: 'Pengaduan', en: 'Complaints' },
  unknown: { id: 'belum diketahui', en: 'not known' },
  toBeConfirmed: { id: 'perlu dipastikan mal', en: 'for the mall to confirm' },
  source: { id: 'Sumber', en: 'Source' },
  standard: { id: 'Standar pelayanan', en: 'Service standard' },

  // Loss report
  reportTitle: { id: 'Laporan kehilangan', en: 'Loss report' },
  reportText: {
    id: 'Kepada {office}. Setelah dikirim, permohonan tidak hilang dan tidak berganda, apa pun yang terjadi pada jaringan.',
    en: 'To {office}. Once sent it is neither lost nor doubled, whatever happens to the network.',
  },
  reporterPart: { id: 'Pelapor', en: 'Reporter' },
  itemsPart: { id: 'Barang yang hilang', en: 'What was lost' },
  itemPart: { id: 'Barang {n}', en: 'Item {n}' },
  lossPart: { id: 'Kejadian', en: 'What happened' },
  documentsPart: { id: 'Berkas yang ditunjukkan', en: 'Papers that were shown' },
  addItem: { id: 'Tambah barang', en: 'Add an item' },
  sendReport: { id: 'Kirim laporan', en: 'Send the report' },
  filledFrom: {
    id: 'Terisi dari {agency}, dilihat untuk layanan ini. Periksa bersama warga.',
    en: 'Filled in from {agency}, seen for this service. Check it with the citizen.',
  },
  otherService: { id: 'Kunjungan ini untuk layanan lain', en: 'This visit is for another service' },
  otherServiceText: {
    id: 'Laporan kehilangan dibuat dalam layanannya sendiri, agar tercatat untuk keperluan yang benar.',
    en: 'A loss report is made within its own service, so that it is on record for the right purpose.',
  },
  switchToReport: { id: 'Ganti ke {service}', en: 'Change to {service}' },
  sameKey: {
    id: 'Aman dikirim lagi: kunci permohonannya sama, jadi tetap satu laporan.',
    en: 'It is safe to send it again: its key is the same, so it stays one report.',
  },

  // Order
  orderNumber: { id: 'Nomor permohonan', en: 'Order' },
  next: { id: 'Selanjutnya', en: 'Next' },
  nothingNext: {
    id: 'Tidak ada lagi: permohonan ini sudah selesai.',
    en: 'Nothing more: this order has ended.',
  },
  officerCompletes: {
    id: 'Instansi tidak punya sambungan untuk ini. Seorang petugas mengambilnya dari daftar kerja, memasukkannya di aplikasi instansi, dan mencatat hasilnya. Halaman ini berubah sendiri saat itu terjadi.',
    en: "The agency has no connection for this. An officer takes it from the work list, enters it in the agency's own application, and notes how it ended. This page changes by itself when that happens.",
  },
  clockTitle: { id: 'Jam layanan', en: 'Service clock' },
  due: { id: 'Jatuh tempo', en: 'Due' },
  elapsed: { id: 'Terpakai', en: 'Elapsed' },
  promised: { id: 'Dijanjikan', en: 'Promised' },
  remaining: { id: 'Sisa', en: 'Left' },
  tooLong: { id: 'Lewat', en: 'Over' },
  onTime: { id: 'tepat waktu', en: 'on time' },
  late: { id: 'terlambat', en: 'late' },
  paused: { id: 'berhenti: menunggu warga', en: 'paused: waiting for the citizen' },
  bySilence: { id: 'dikabulkan karena waktu habis', en: 'approved by silence' },
  clockHint: {
    id: 'Jam berjalan selama mal buka, dan berhenti selama instansi menunggu warga.',
    en: 'The clock runs while the mall is open, and stands still while the agency waits for the citizen.',
  },
  noClock: {
    id: 'Tidak ada waktu yang dijanjikan untuk layanan ini.',
    en: 'No time is promised for this service.',
  },
  historyTitle: { id: 'Riwayat', en: 'History' },
  resultTitle: { id: 'Untuk warga', en: 'For the citizen' },
  reference: { id: 'Nomor dari instansi', en: "The agency's number" },
  reason: { id: 'Alasan', en: 'Reason' },
  resultGone: {
    id: 'Hasilnya tidak dapat ditampilkan sekarang.',
    en: 'The result cannot be shown now.',
  },
  withdraw: { id: 'Batalkan permohonan', en: 'Withdraw the order' },
  withdrawText: {
    id: 'Hanya dapat dibatalkan selama belum ada yang mengerjakannya.',
    en: 'It can be withdrawn only as long as nobody has begun with it.',
  },
  withdrawReason: { id: 'Mengapa (tanpa nama)', en: 'Why (naming nobody)' },
  refresh: { id: 'Perbarui', en: 'Refresh' },
  follows: { id: 'mengikuti langsung', en: 'following live' },
  behind: {
    id: 'Menunggu permohonan sebelumnya tentang hal yang sama.',
    en: 'Waits behind an earlier order about the same thing.',
  },

  // Trouble
  couldNotAsk: { id: 'Tidak dapat ditanyakan', en: 'It could not be asked' },
  agencySays: { id: 'Jawaban instansi', en: 'The agency says' },
  notAllowed: { id: 'Tidak dapat dilakukan', en: 'It cannot be done' },
  gatewayFault: { id: 'Gerbang sedang bermasalah', en: 'The gateway is in trouble' },
  gatewaySilent: { id: 'Gerbang tidak menjawab', en: 'The gateway does not answer' },
  whatToDo: { id: 'Yang dapat dilakukan', en: 'What to do' },
  who: { id: 'Sumber', en: 'Source' },
  sent: { id: 'Terkirim', en: 'Sent' },
  sentYes: { id: 'ya, instansi menerimanya', en: 'yes, the agency got it' },
  sentMaybe: { id: 'mungkin, tanpa jawaban', en: 'maybe, no answer came' },
  sentNo: { id: 'tidak', en: 'no' },
  again: { id: 'Coba lagi', en: 'Again' },
  againUnknown: { id: 'belum diketahui kapan', en: 'nobody knows when' },
  code: { id: 'Kode', en: 'Code' },
} satisfies Record<string, Text>

export type Word = keyof typeof words

/** What the officer can do, by the gateway's code. */
export const advice: Partial<Record<FailureCode, Text>> = {
  NOT_FOUND: {
    id: 'Ini jawaban, bukan gangguan. Periksa angka NIK pada KTP; bila benar, arahkan warga ke instansi.',
    en: 'This is an answer, not a fault. Check the digits on the identity card; if they are right, send the citizen to the agency.',
  },
  SUBJECT_DECEASED: {
    id: 'NIK ini tercatat atas orang yang telah meninggal. Pastikan siapa yang datang, dan arahkan ke Dukcapil bila keliru.',
    en: 'This NIK is of a person recorded as deceased. Make sure who is here, and send them to the registry if that is wrong.',
  },
  SUBJECT_DUPLICATE: {
    id: 'Orang ini tercatat lebih dari sekali. Perlu dibetulkan di Dukcapil terlebih dahulu.',
    en: 'This person is recorded more than once. The registry has to put that right first.',
  },
  SUBJECT_INACTIVE: {
    id: 'Data ini tidak aktif. Arahkan warga ke Dukcapil untuk mengaktifkannya.',
    en: 'This record is inactive. Send the citizen to the registry to have it activated.',
  },
  REJECTED: { id: 'Sampaikan kepada warga apa kata instansi.', en: 'Tell the citizen what the agency says.' },
  NOT_GRANTED: {
    id: 'Perjanjian tidak mencakup ini untuk layanan yang dipilih. Pilih layanan yang sesuai; selebihnya urusan penanggung jawab perjanjian.',
    en: 'The agreement does not cover this for the chosen service. Choose the service that fits; the rest is up to whoever looks after agreements.',
  },
  QUOTA_SPENT: {
    id: 'Jatah hari ini habis. Layani dengan berkas yang dibawa warga.',
    en: "Today's quota is spent. Serve with the papers that the citizen brought.",
  },
  RATE_LIMITED: { id: 'Tunggu sebentar, lalu coba lagi.', en: 'Wait a moment, then try again.' },
  INPUT_INVALID: { id: 'Betulkan isian yang ditandai.', en: 'Correct the marked entries.' },
  SUBMISSION_UNDER_WAY: {
    id: 'Permohonan sudah berjalan lebih jauh. Lihat keadaannya sekarang.',
    en: 'The order has gone further meanwhile. Look at how it stands now.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    id: 'Laporan yang pertama sudah diterima gerbang, dengan isi yang lain. Mulai laporan baru bila memang berbeda.',
    en: 'The first report was kept by the gateway, with other content. Begin a new one if it really is another.',
  },
  STORE_UNAVAILABLE: {
    id: 'Bukti akses tidak dapat disimpan, maka data tidak ditampilkan. Beri tahu operator.',
    en: 'The evidence of access cannot be kept, so no data is shown. Tell the operators.',
  },
}

/** The same, by what a code means. */
export const adviceByMeaning = {
  refused: {
    id: 'Beri tahu pengelola aplikasi loket bila ini terulang.',
    en: 'Tell whoever looks after the counter application if it comes again.',
  },
  answered: { id: 'Sampaikan kepada warga apa kata instansi.', en: 'Tell the citizen what the agency says.' },
  unanswered: {
    id: 'Ini bukan jawaban tentang warga: instansi tidak dapat ditanya. Coba lagi nanti, atau layani dengan berkas yang dibawa warga.',
    en: 'This says nothing about the citizen: the agency could not be asked. Try again later, or serve with the papers that the citizen brought.',
  },
  broken: { id: 'Beri tahu operator gerbang.', en: 'Tell the operators of the gateway.' },
} satisfies Record<string, Text>

/** The steps of an order, by the type of its event. */
export const steps: Readonly<Record<string, Text>> = {
  'submission.queued': { id: 'Diterima dan disimpan gerbang', en: 'Accepted and kept by the gateway' },
  'submission.sending': { id: 'Sedang dikirim kepada instansi', en: 'Being sent to the agency' },
  'submission.taken': {
    id: 'Diambil petugas dari daftar kerja',
    en: 'Taken from the work list by an officer',
  },
  'submission.released': { id: 'Dikembalikan ke daftar kerja', en: 'Put back on the work list' },
  'submission.accepted': { id: 'Diterima instansi', en: 'Accepted by the agency' },
  'submission.step': { id: 'Langkah pada instansi', en: 'A step at the agency' },
  'submission.unlisted': { id: 'Langkah yang belum dikenal', en: 'A step that nobody knows' },
  'submission.attempt-failed': { id: 'Belum sampai; dicoba lagi', en: 'Not there yet; tried again' },
  'submission.uncertain': { id: 'Sedang dipastikan', en: 'Being made certain' },
  'submission.confirmed': { id: 'Selesai', en: 'Done' },
  'submission.rejected': { id: 'Ditolak instansi', en: 'Refused by the agency' },
  'submission.dead': { id: 'Terhenti; operator menanganinya', en: 'Stopped; operators see to it' },
  'submission.cancelled': { id: 'Dibatalkan', en: 'Withdrawn' },
}

/** What is promised: `10 menit kerja`. */
export const timeUnits: Readonly<Record<PromisedTime['unit'], Text>> = {
  workingMinutes: { id: 'menit kerja', en: 'working minutes' },
  workingDays: { id: 'hari kerja', en: 'working days' },
  days: { id: 'hari', en: 'days' },
}
