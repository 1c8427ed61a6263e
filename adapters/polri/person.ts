/** A person and an address as the police's forms write them. Keys are assumed. */
import type { z } from 'zod'
import type { formAddress, formPerson, policeOffice } from '#contracts/form.ts'
import { policeOfficeLevel } from '#contracts/police-codes.ts'
import { occupation, religion, sex } from '#contracts/population-codes.ts'

export const writeAddress = (address: z.output<typeof formAddress>) => ({
  alamat: address.street,
  rt: address.neighbourhood,
  rw: address.communityUnit,
  kelurahan: address.village,
  kecamatan: address.district,
  kabupaten: address.regency,
  provinsi: address.province,
  kode_pos: address.postalCode,
})

export const writePerson = (person: z.output<typeof formPerson>) => ({
  nik: person.nik,
  nama: person.fullName,
  tempat_lahir: person.birthPlace,
  tgl_lahir: person.birthDate,
  jenis_kelamin: sex.write(person.sex),
  agama: religion.write(person.religion),
  pekerjaan: occupation.write(person.occupation),
  ...writeAddress(person.address),
  no_telepon: person.phone,
  email: person.email,
})

export const writeOffice = ({ level, name, code }: z.output<typeof policeOffice>) => ({
  satwil_tingkat: policeOfficeLevel.write(level),
  satwil_nama: name,
  satwil_kode: code,
})
