/** The section `province` of hall.json: which province, where, and by what it knows this hall. */
import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { HallError } from '../fault.ts'
import { loadProfile, profileNames } from './profile.ts'
import type { ProvinceProfile } from './profile-schema.ts'
import { Credentials } from './signing.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

const Address = z.string().refine(
  (text) => {
    const url = URL.parse(text)
    if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
  },
  { error: 'an https:// address without a query (http:// is for this machine itself)' },
)

const File = z.string().min(1).max(4096)
const Secret = z.string().min(1).max(512)

const SM2_PRIVATE_KEY = /^[0-9a-fA-F]{64}$/
const SM4_KEY = /^[0-9a-fA-F]{32}$/

export const ProvinceSettings = z
  .strictObject({
    /** The name of a file in profiles/. */
    profile: z.string().refine((name) => profileNames().includes(name), {
      error: `a known province: ${profileNames().join(', ')}`,
    }),
    url: Address,
    appKey: z.string().min(1).max(128).optional(),
    /** For digests: here, or in a file of its own. Files are looked for in the data folder. */
    secret: Secret.optional(),
    secretFile: File.optional(),
    /** SM2: 64 hexadecimal digits in a file, never here. */
    privateKeyFile: File.optional(),
    /** SM4: 32 hexadecimal digits in a file, never here. */
    encryptionKeyFile: File.optional(),
    /** How many servers of this hall report at the same time: each keeps to its share of the province's rate. */
    instances: z.int().min(1).max(64).optional(),
    /** Of the hall (GB/T 2260), where neither the case system nor an item's code tells the right one. */
    areaCode: z
      .string()
      .regex(/^\d{6,12}$/, 'six to twelve digits')
      .optional(),
  })
  .refine(({ secret, secretFile }) => secret === undefined || secretFile === undefined, {
    path: ['secretFile'],
    message: 'stands beside secret: give one of them',
  })
export type ProvinceSettings = z.infer<typeof ProvinceSettings>

/** The profile of the settings. */
export function profileOf({ profile: name }: ProvinceSettings): ProvinceProfile {
  const profile = loadProfile(name)
  if (profile === null) throw new HallError('no-profile', `no province profile is called "${name}"`)
  return profile
}

/**
 * Read anew each time: a key that is changed at the province is put into its file while the hall runs.
 * @throws HallError `configuration-invalid`: what the profile needs and the settings lack, never a value
 */
export function readCredentials(
  settings: ProvinceSettings,
  { signing, encryption, envelope }: ProvinceProfile,
  dataDir: string,
): Credentials {
  const keyed = signing.kind === 'hmac-sha256' || signing.kind === 'sm3' || signing.kind === 'hmac-sm3'
  const secret = settings.secret ?? fileText(settings.secretFile, 'secretFile', dataDir)
  if (keyed && secret === '') throw lacking('secretFile', `${settings.profile} signs with a secret`)
  const privateKey = fileText(settings.privateKeyFile, 'privateKeyFile', dataDir)
  if (signing.kind === 'sm2' && !SM2_PRIVATE_KEY.test(privateKey))
    throw lacking('privateKeyFile', `${settings.profile} signs with SM2: a file with 64 hexadecimal digits`)
  const encryptionKey = fileText(settings.encryptionKeyFile, 'encryptionKeyFile', dataDir)
  if (encryption !== null && !SM4_KEY.test(encryptionKey))
    throw lacking(
      'encryptionKeyFile',
      `${settings.profile} encrypts with SM4: a file with 32 hexadecimal digits`,
    )
  if (settings.appKey === undefined && JSON.stringify([envelope, signing]).includes('{appKey}'))
    throw lacking('appKey', `${settings.profile} wants the key that it gave this hall`)
  return new Credentials({ appKey: settings.appKey ?? '', secret, privateKey, encryptionKey })
}

/** Without the line's end that editors add; empty where no file is named. */
function fileText(file: string | undefined, setting: string, dataDir: string): string {
  if (file === undefined) return ''
  try {
    return readFileSync(isAbsolute(file) ? file : join(dataDir, file), 'utf8').trim()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw lacking(setting, `the file that it names cannot be read (${code})`)
  }
}

function lacking(setting: string, what: string): HallError {
  return new HallError('configuration-invalid', `hall.json: province.${setting}: ${what}`)
}
