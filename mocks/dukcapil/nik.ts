export interface NikParts {
  /** Province, regency and district of first issue: not always where the person lives now. */
  region: string
  day: number
  month: number
  /** Of four digits. The NIK has only two: a day that is still to come is taken for one of the last century. */
  year: number
  sex: 'male' | 'female'
  serial: string
}

/** `PPKKCC DDMMYY SSSS`, women with the day + 40; there is no check digit. `null` when it cannot be a NIK. */
export function readNik(nik: string): NikParts | null {
  const parts = /^(\d{6})(\d\d)(\d\d)(\d\d)(\d{4})$/.exec(nik)
  if (!parts) return null
  const [region, day, month, year, serial] = parts.slice(1) as [string, string, string, string, string]
  if (!isRegion(region) || serial === '0000') return null
  const sex = Number(day) > 40 ? 'female' : 'male'
  const date = dateOf(Number(day) - (sex === 'female' ? 40 : 0), Number(month), Number(year))
  return date && { region, ...date, sex, serial }
}

export function writeNik({ region, day, month, year, sex, serial }: NikParts): string {
  return `${region}${twoDigits(day + (sex === 'female' ? 40 : 0))}${twoDigits(month)}${twoDigits(year)}${serial}`
}

export type CardParts = Omit<NikParts, 'sex'>

/** A family card's number: region, date of issue, serial. `null` when it cannot be one. */
export function readCardNumber(card: string): CardParts | null {
  const parts = readNik(card)
  return parts?.sex === 'male' ? parts : null
}

export function writeCardNumber(parts: CardParts): string {
  return writeNik({ ...parts, sex: 'male' })
}

function isRegion(region: string): boolean {
  const [province, regency, district] = [0, 2, 4].map(at => Number(region.slice(at, at + 2)))
  return Number(province) >= 11 && regency !== 0 && district !== 0
}

function dateOf(
  day: number,
  month: number,
  twoDigitYear: number,
): Pick<NikParts, 'day' | 'month' | 'year'> | null {
  const century = new Date(2000 + twoDigitYear, month - 1, day).getTime() <= Date.now() ? 2000 : 1900
  const year = century + twoDigitYear
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= new Date(year, month, 0).getDate()
  return isDate ? { day, month, year } : null
}

function twoDigits(value: number): string {
  return String(value % 100).padStart(2, '0')
}
