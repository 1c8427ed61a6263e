/** Synthetic people without end: the stand-in agency knows somebody for each of these NIKs, number by number. */
export function personNik(number: number): string {
  const serial = 1 + (number % 9_998) // 0000 is no serial, and nobody has 9999
  const birthday = Math.floor(number / 9_998)
  const day = 1 + (birthday % 28)
  const month = 1 + (Math.floor(birthday / 28) % 12)
  const year = 60 + (Math.floor(birthday / 336) % 40)
  return `999977${twoDigits(day)}${twoDigits(month)}${year}${String(serial).padStart(4, '0')}`
}

/** The question about a person. */
export const bodyAbout = (number: number): string => JSON.stringify({ nik: personNik(number) })

const twoDigits = (value: number): string => String(value).padStart(2, '0')
