/**
 * The closed set of what operators are told of, one entry each. Read by the API, the webhooks, the board, the metrics, the
 * doctor and the runbook (`docs/operators.md`, a section for each).
 */
import type { Text } from '#contracts/text.ts'

/** `critical`: citizens are sent away, or evidence or data may be lost. `warning`: soon they will be. `notice`: when there is time. */
export const severities = ['critical', 'warning', 'notice'] as const
export type Severity = (typeof severities)[number]

interface AlarmCode {
  readonly severity: Severity
  /** How long it must be so before anybody is told. */
  readonly afterMs: number
  readonly title: Text
  readonly meaning: Text
  /** What to do. */
  readonly action: Text
}

/** The source of an alarm is an upstream, an agreement, a gateway, a webhook, or a part of the house. */
export const alarmCodes = {
  UPSTREAM_DOWN: {
    severity: 'critical',
    afterMs: 10_000,
    title: { id: 'Instansi tidak menjawab', en: 'An agency does not answer' },
    meaning: {
      id: 'Sedikitnya separuh permintaan lima menit terakhir gagal, atau sambungannya diputus. Loket menerima penolakan yang jujur; permohonan menunggu.',
      en: "At least half of the last five minutes' requests failed, or the circuit is open. Counters get an honest refusal; orders wait.",
    },
    action: {
      id: 'Tanyakan kepada instansi. Bila lama, nyatakan pemeliharaan agar loket tahu sampai kapan.',
      en: 'Ask the agency. If it takes long, declare maintenance, so that counters know until when.',
    },
  },
  UPSTREAM_UNREACHABLE: {
    severity: 'critical',
    afterMs: 30_000,
    title: { id: 'Jaringan ke instansi terputus', en: 'An agency cannot be reached' },
    meaning: {
      id: 'Belum ada yang bertanya, tetapi sambungan percobaan gagal: sering kali VPN atau DNS.',
      en: 'Nobody has asked yet, but a trial connection fails: often the VPN or DNS.',
    },
    action: {
      id: 'Periksa VPN, DNS dan sertifikat sebelum loket dibuka.',
      en: 'Check VPN, DNS and certificates before the counters open.',
    },
  },
  UPSTREAM_HELD: {
    severity: 'notice',
    afterMs: 0,
    title: { id: 'Instansi ditahan pengelola', en: 'An operator holds an agency' },
    meaning: {
      id: 'Tidak ada yang dikirim ke instansi ini sampai seorang pengelola melepaskannya.',
      en: 'Nothing is sent to this agency until an operator lets it go.',
    },
    action: {
      id: 'Lepaskan begitu alasannya tidak berlaku lagi.',
      en: 'Let it go as soon as the reason no longer holds.',
    },
  },
  UPSTREAM_MISCONFIGURED: {
    severity: 'critical',
    afterMs: 0,
    title: { id: 'Instansi menolak akses kita', en: 'An agency refuses our access' },
    meaning: {
      id: 'Kata sandi, alamat IP atau status lembaga ditolak. Gerbang mencoba sekali semenit saja agar akun tidak terkunci.',
      en: "Password, IP address or the institution's status is refused. The gateway tries once a minute only, so that the account is not locked.",
    },
    action: {
      id: 'Perbaiki kredensial atau pendaftaran IP bersama instansi, lalu lepaskan atau mulai ulang.',
      en: 'Mend the credentials or the IP registration with the agency, then let it go or restart.',
    },
  },
  CIRCUIT_OPEN_LONG: {
    severity: 'critical',
    afterMs: 5 * 60_000,
    title: { id: 'Sambungan lama terputus', en: 'A circuit stays open' },
    meaning: {
      id: 'Sambungan ke instansi diputus lebih dari lima menit; setiap percobaan gagal.',
      en: 'The circuit to the agency has been open for more than five minutes; every trial fails.',
    },
    action: {
      id: 'Hubungi instansi; alihkan loket ke prosedur cadangan.',
      en: 'Call the agency; move the counters to the fallback procedure.',
    },
  },
  UPSTREAM_QUOTA_NEAR: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Kuota instansi hampir habis', en: "An agency's daily quota is nearly spent" },
    meaning: {
      id: 'Sisa pertanyaan hari ini kepada instansi tinggal sedikit.',
      en: "Few of today's questions to the agency are left.",
    },
    action: {
      id: 'Hemat untuk layanan yang mendesak; mintalah tambahan kuota.',
      en: 'Keep what is left for what is urgent; ask for a larger quota.',
    },
  },
  UPSTREAM_QUOTA_SPENT: {
    severity: 'critical',
    afterMs: 0,
    title: { id: 'Kuota instansi habis', en: "An agency's daily quota is spent" },
    meaning: {
      id: 'Sampai hari berganti tidak ada lagi yang dikirim ke instansi ini.',
      en: 'Nothing more is sent to this agency until the day turns.',
    },
    action: {
      id: 'Mintalah tambahan kuota; periksa siapa yang memakainya di laporan penggunaan.',
      en: 'Ask for a larger quota; see in the usage report who took it.',
    },
  },
  AGREEMENT_QUOTA_NEAR: {
    severity: 'notice',
    afterMs: 0,
    title: { id: 'Kuota perjanjian hampir habis', en: "An agreement's daily quota is nearly spent" },
    meaning: {
      id: 'Sisa jawaban hari ini menurut perjanjian tinggal sedikit.',
      en: 'Few of the answers that the agreement grants today are left.',
    },
    action: {
      id: 'Beri tahu anggota yang bersangkutan.',
      en: 'Tell the member concerned.',
    },
  },
  AGREEMENT_QUOTA_SPENT: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Kuota perjanjian habis', en: "An agreement's daily quota is spent" },
    meaning: {
      id: 'Anggota ini ditolak sampai hari berganti.',
      en: 'This member is refused until the day turns.',
    },
    action: {
      id: 'Beri tahu anggota; bila wajar, ubah kuota dalam perjanjian.',
      en: 'Tell the member; where it is reasonable, change the quota in the agreement.',
    },
  },
  DRIFT_CODES: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Instansi menjawab di luar kontrak', en: 'An agency answers outside its contract' },
    meaning: {
      id: 'Beberapa jawaban dalam sejam terakhir memuat kode atau bentuk yang tidak dikenal; tak satu pun dianggap berhasil.',
      en: 'Several answers of the last hour carried codes or shapes that no table has; none was taken as a success.',
    },
    action: {
      id: 'Beri tahu pembuat adaptor: instansi mungkin mengubah layanannya.',
      en: 'Tell whoever made the adapter: the agency may have changed its service.',
    },
  },
  DRIFT_TEXTS: {
    severity: 'notice',
    afterMs: 0,
    title: { id: 'Instansi memakai istilah baru', en: 'An agency uses texts that no code list knows' },
    meaning: {
      id: 'Datanya tetap ditampilkan, tetapi beberapa istilah tidak dapat dipadankan.',
      en: 'The data are shown all the same, but some texts could not be matched.',
    },
    action: {
      id: 'Mintalah pembuat adaptor menambah daftar kode; elemennya ada di metrik.',
      en: 'Have whoever made the adapter extend the code list; the metrics name the element.',
    },
  },
  ORDERS_DEAD: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Permohonan berhenti', en: 'Orders have stopped' },
    meaning: {
      id: 'Permohonan ini tidak dilanjutkan sendiri: warga menunggu.',
      en: 'These orders do not go on by themselves: citizens are waiting.',
    },
    action: {
      id: 'Lihat alasannya di papan, perbaiki sebabnya, lalu jalankan lagi atau selesaikan.',
      en: 'See the reason on the board, mend the cause, then run them again or resolve them.',
    },
  },
  ORDERS_UNCERTAIN: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Nasib permohonan belum pasti', en: 'Nobody knows what became of orders' },
    meaning: {
      id: 'Sudah lebih dari lima belas menit tidak diketahui apakah instansi menerimanya; tidak dikirim ulang.',
      en: 'For more than a quarter of an hour it has not been known whether the agency has them; they are not sent again.',
    },
    action: {
      id: 'Tanyakan kepada instansi, lalu nyatakan hasilnya di papan.',
      en: 'Ask the agency, then say on the board how it ended.',
    },
  },
  ORDERS_OVERDUE: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Permohonan melewati waktu layanan', en: 'Orders are past their service time' },
    meaning: {
      id: 'Waktu yang dijanjikan standar pelayanan telah lewat.',
      en: 'The time that the service standard promises has passed.',
    },
    action: {
      id: 'Dahulukan di daftar kerja; beri tahu warga.',
      en: 'Take them first in the work list; tell the citizens.',
    },
  },
  AGREEMENT_ENDING: {
    severity: 'notice',
    afterMs: 0,
    title: { id: 'Perjanjian segera berakhir', en: 'An agreement ends soon' },
    meaning: {
      id: 'Perjanjian berakhir dalam tiga puluh hari; setelahnya anggota ditolak.',
      en: 'The agreement ends within thirty days; after that the member is refused.',
    },
    action: {
      id: 'Mulailah perpanjangan: tanda tangan memerlukan waktu.',
      en: 'Begin the renewal: signatures take time.',
    },
  },
  AGREEMENT_ENDED: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Perjanjian telah berakhir', en: 'An agreement has ended' },
    meaning: {
      id: 'Anggota ini ditolak untuk semua yang diatur perjanjian itu.',
      en: 'The member is refused all that the agreement granted.',
    },
    action: {
      id: 'Perpanjang, atau hapus berkasnya, lalu muat ulang perjanjian.',
      en: 'Renew it, or take its file away, then reload the agreements.',
    },
  },
  LEDGER_BEHIND: {
    severity: 'critical',
    afterMs: 0,
    title: { id: 'Bukti akses tidak tersimpan', en: 'Evidence cannot be kept' },
    meaning: {
      id: 'Tanpa bukti, data pribadi tidak ditampilkan dan permohonan tidak diterima.',
      en: 'Without evidence personal data is not released, and no order is accepted.',
    },
    action: {
      id: 'Periksa penyimpanan: cakram, hak akses, basis data.',
      en: 'Check the store: disk, permissions, database.',
    },
  },
  ANCHORS_BEHIND: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Buku akses terlambat dijangkarkan', en: 'The ledger is anchored late' },
    meaning: {
      id: 'Bagian terakhir buku akses belum dibuktikan di luar penyimpanan, atau baris yang dijangkarkan hilang.',
      en: 'The end of the ledger is not proven outside the store yet, or rows that were anchored are gone.',
    },
    action: {
      id: 'Periksa berkas jangkar dan tempatnya; jalankan npm run ledger -- verify.',
      en: 'Check the anchors file and its place; run npm run ledger -- verify.',
    },
  },
  STORE_AWAY: {
    severity: 'critical',
    afterMs: 0,
    title: { id: 'Penyimpanan tidak terjangkau', en: 'The store is away' },
    meaning: {
      id: 'Hanya pertanyaan terbuka yang dijawab; data pribadi dan permohonan ditolak dengan jujur.',
      en: 'Only public questions are answered; personal data and orders are refused honestly.',
    },
    action: {
      id: 'Pulihkan basis data atau cakram; gerbang melanjutkan sendiri.',
      en: 'Bring the database or the disk back; the gateway goes on by itself.',
    },
  },
  REDIS_AWAY: {
    severity: 'warning',
    afterMs: 10_000,
    title: { id: 'Redis tidak terjangkau', en: 'Redis is away' },
    meaning: {
      id: 'Jawaban bersama hanya ada di memori tiap gerbang: instansi lebih sering ditanya.',
      en: "Shared answers are kept in each gateway's memory only: agencies are asked more often.",
    },
    action: {
      id: 'Pulihkan Redis; tidak ada yang hilang.',
      en: 'Bring Redis back; nothing is lost.',
    },
  },
  DISK_NEARLY_FULL: {
    severity: 'critical',
    afterMs: 0,
    title: { id: 'Cakram hampir penuh', en: 'A disk is nearly full' },
    meaning: {
      id: 'Bila penuh, bukti dan permohonan tidak dapat disimpan.',
      en: 'Once it is full, neither evidence nor orders can be kept.',
    },
    action: {
      id: 'Kosongkan atau perbesar cakram.',
      en: 'Make room on the disk, or enlarge it.',
    },
  },
  CLOCK_SKEW: {
    severity: 'warning',
    afterMs: 10_000,
    title: { id: 'Jam gerbang tidak benar', en: "A gateway's clock is wrong" },
    meaning: {
      id: 'Jamnya berbeda dari jam penyimpanan, atau baru saja melompat.',
      en: "Its clock differs from the store's, or has just leapt.",
    },
    action: {
      id: 'Periksa sinkronisasi waktu (NTP) pada mesin itu.',
      en: 'Check time synchronisation (NTP) on that machine.',
    },
  },
  GATEWAY_SILENT: {
    severity: 'critical',
    afterMs: 10_000,
    title: { id: 'Gerbang tidak bersuara', en: 'A gateway has fallen silent' },
    meaning: {
      id: 'Sebuah gerbang macet, mati mendadak, atau tidak menjangkau penyimpanan.',
      en: 'A gateway hangs, was killed, or cannot reach the store.',
    },
    action: {
      id: 'Periksa prosesnya dan mulai ulang; yang lain meneruskan pekerjaannya.',
      en: 'Look at its process and restart it; the others carry on its work.',
    },
  },
  WEBHOOK_BEHIND: {
    severity: 'warning',
    afterMs: 0,
    title: { id: 'Anggota tidak menerima kabar', en: 'A member is not told' },
    meaning: {
      id: 'Webhook anggota sudah lama tidak menerima peristiwa permohonannya.',
      en: "The member's webhook has not taken the events of its orders for a while.",
    },
    action: {
      id: 'Hubungi anggota; setelah pulih semua disampaikan berurutan.',
      en: 'Call the member; once its endpoint is back it is told all, in order.',
    },
  },
} as const satisfies Record<string, AlarmCode>

export type AlarmCodeName = keyof typeof alarmCodes

export const alarmCodeNames = Object.keys(alarmCodes) as readonly AlarmCodeName[]

/** What another version of the gateway raises may be unknown here. */
export const isAlarmCode = (code: string): code is AlarmCodeName => Object.hasOwn(alarmCodes, code)

/** Where the runbook speaks of it, seen from the documentation: `operators.md#upstream-down`. */
export const runbookOf = (code: AlarmCodeName): string =>
  `docs/operators.md#${code.toLowerCase().replaceAll('_', '-')}`
