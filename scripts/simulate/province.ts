import { randomBytes } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { loadProfile, profileNames } from '../../sync/hall/province/profile.ts'
import { Credentials } from '../../sync/hall/province/signing.ts'
import { DEMO_PROVINCE, demoProvinceKeys } from '../../sync/hall/province/simulator/demo-keys.ts'
import { isMood, moods } from '../../sync/hall/province/simulator/moods.ts'
import {
  type ProvinceSimulator,
  startProvinceSimulator,
} from '../../sync/hall/province/simulator/simulator.ts'
import { kindOf, type Order } from './kind.ts'
import { wholeNumber } from './words.ts'

/** Zhejiang unless told otherwise: the strictest. */
const PROFILES = ['zhejiang', ...profileNames().filter((name) => name !== 'zhejiang')]

const PERCENT = 100
const MAX_MS = 600_000
const MAX_OFFSET_SECONDS = 10 * 365 * 24 * 3600

const SECRET_BYTES = 16
const SM4_KEY_BYTES = 16

type Simulated = ProvinceSimulator & { readonly faults: { clear(): void } }

const mood: Order<Simulated> = {
  form: [
    'mood NAME [PERCENT] [MS]',
    ...Object.entries(moods).map(([name, meaning]) => `  ${name}: ${meaning}`),
  ].join('\n'),
  run: ({ moods: felt }, [name = '', percent = '100', ms], report) => {
    const chance = wholeNumber(percent, 0, PERCENT)
    const delay = ms === undefined ? undefined : wholeNumber(ms, 0, MAX_MS)
    if (!isMood(name) || chance === undefined || (ms !== undefined && delay === undefined)) return false
    felt.add(name, { chance: chance / PERCENT, ...(delay === undefined ? {} : { ms: delay }) })
    report(
      felt
        .list()
        .map((one) => `${one.mood} ${Math.round(one.chance * PERCENT)} %`)
        .join(', '),
    )
    return true
  },
}

const calm: Order<Simulated> = {
  form: 'calm',
  run: ({ moods: felt }, words) => {
    if (words.length > 0) return false
    felt.clear()
    return true
  },
}

const clock: Order<Simulated> = {
  form: 'clock SECONDS',
  run: (province, [seconds = '']) => {
    const ahead = wholeNumber(seconds.replace(/^-/, ''), 0, MAX_OFFSET_SECONDS)
    if (ahead === undefined) return false
    province.setClockOffset((seconds.startsWith('-') ? -ahead : ahead) * 1000)
    return true
  },
}

const newKeys: Order<Simulated> = {
  form: 'new-keys',
  run: (province, words, report) => {
    if (words.length > 0) return false
    const secret = randomBytes(SECRET_BYTES).toString('hex')
    const { privateKey, publicKey } = sm2.generateKeyPairHex()
    const encryptionKey = randomBytes(SM4_KEY_BYTES).toString('hex')
    const { appKey } = DEMO_PROVINCE
    province.changeKeys({
      credentials: new Credentials({ appKey, secret, privateKey, encryptionKey }),
      publicKey,
    })
    report(`from now on: secret ${secret}, province.key ${privateKey}, province.sm4 ${encryptionKey}`)
    return true
  },
}

const kept: Order<Simulated> = {
  form: 'kept',
  run: (province, words, report) => {
    if (words.length > 0) return false
    const answers = [...province.answers].map(([name, n]) => `${name}: ${n}`).join(', ')
    report(
      `${province.services.length} services, ${province.ratings.length} ratings; ${answers || 'nothing asked'}`,
    )
    return true
  },
}

export const province = kindOf<Simulated>({
  profiles: PROFILES,
  orders: [mood, calm, clock, newKeys, kept],
  start: async ({ listen, profile: name = 'zhejiang', report }) => {
    const profile = loadProfile(name)
    if (profile === null) throw new Error(`no province profile is called "${name}"`)
    const started = await startProvinceSimulator({
      profile,
      listen,
      keys: demoProvinceKeys(),
      onAnswer: (kind, means, words) => report(`${kind}: ${means} (${words})`),
    })
    report(helpToConnect(name, started.url))
    return Object.assign(started, { faults: started.moods })
  },
})

/** What a hall on the same desk needs. */
function helpToConnect(profile: string, url: string): string {
  const { appKey, secret, privateKey, encryptionKey } = DEMO_PROVINCE
  const section = {
    profile,
    url,
    appKey,
    secret,
    privateKeyFile: 'province.key',
    encryptionKeyFile: 'province.sm4',
  }
  return [
    'hall.json of the hall that is to report here:',
    `  ${JSON.stringify({ province: section })}`,
    `beside it, province.key: ${privateKey}`,
    `and province.sm4: ${encryptionKey}`,
  ].join('\n')
}
