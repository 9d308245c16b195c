import { CompactEncrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import {
  isPassphrase,
  openSetup,
  type SetupPayload,
  sealSetup,
  setupFileKind,
} from '../../../sync/protocol/setup-file.ts'

const PASSPHRASE = '夜窗 at window 12'
const TOKEN = 'token-of-the-case-system'
const PAYLOAD: SetupPayload = {
  role: 'pad',
  from: 'window 12',
  at: '2026-11-22T16:00:00.000+08:00',
  software: 'window24 0.1.0',
  configuration: { role: 'pad', window: { tokens: [{ name: 'case system', token: TOKEN, origins: [] }] } },
  sockets: { scanner: '/dev/serial/by-path/pci-usb-1' },
}
const hall = createSealingKeyPair()
const file = await sealSetup(PAYLOAD, { passphrase: PASSPHRASE })
const forHall = await sealSetup(PAYLOAD, { hall: publicSealingKey(hall) })

const codeOf = async (text: string, passphrase = PASSPHRASE): Promise<string> => {
  const opened = await openSetup(text, { passphrase })
  return opened.ok ? 'ok' : opened.code
}

/** A file of somebody who writes one by other rules. */
const madeWith = async (header: object, rounds: number): Promise<string> => {
  const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(PAYLOAD)))
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'w24-setup', format: 1, ...header })
    .setKeyManagementParameters({ p2c: rounds })
    .encrypt(new TextEncoder().encode(PASSPHRASE))
  return withDigest(jwe)
}

const withDigest = async (line: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(line))
  return `${line}\n${Buffer.from(digest).toString('hex')}\n`
}

describe('a configuration as a file', () => {
  it('opens with its passphrase, however its letters were typed, and says nothing to anybody else', async () => {
    expect(await openSetup(file, { passphrase: PASSPHRASE })).toEqual({ ok: true, payload: PAYLOAD })
    const accented = await sealSetup(PAYLOAD, { passphrase: 'caf\u00e9 caf\u00e9' })
    expect(await codeOf(accented, 'cafe\u0301 cafe\u0301')).toBe('ok')
    expect(await codeOf(file, `${PASSPHRASE} `)).toBe('wrong-passphrase')
    expect(await codeOf(file, '')).toBe('wrong-passphrase')
    const plain = file
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString())
      .join()
    for (const secret of [TOKEN, 'case system', 'window 12', PASSPHRASE])
      expect(file + plain).not.toContain(secret)
  })

  it('never opens cut anywhere, and says that it is cut', async () => {
    for (let length = 0; length < file.length - 1; length += 1)
      expect(await codeOf(file.slice(0, length)), `cut after ${length}`).toBe('cut-in-half')
    // Nothing but the last line feed is missing.
    expect(await codeOf(file.slice(0, -1))).toBe('ok')
    expect(await codeOf(file.replaceAll('\n', '\r\n'))).toBe('ok')
  })

  it('never opens with one letter changed, and a wrong passphrase is not to blame', async () => {
    for (let at = 0; at < file.length - 1; at += 7) {
      const other = file[at] === 'a' ? 'b' : 'a'
      const code = await codeOf(file.slice(0, at) + other + file.slice(at + 1))
      expect(['altered', 'cut-in-half'], `changed at ${at}`).toContain(code)
    }
    // Whoever mends the checksum as well is stopped by the seal.
    const [line = ''] = file.split('\n')
    const forged = `${line.slice(0, -9)}${line.at(-9) === 'a' ? 'b' : 'a'}${line.slice(-8)}`
    expect(await codeOf(await withDigest(forged))).toBe('wrong-passphrase')
  })

  it.each([
    ['\0\0\0\0', 'no-setup-file'],
    ['%PDF-1.7\n1 0 obj\n<<>>\nendobj\n', 'no-setup-file'],
    ['{"role": "pad"}\n', 'no-setup-file'],
    ['\n', 'no-setup-file'],
    ['eyJhbGciOiJub25lIn0.e30.', 'cut-in-half'],
  ])('%j is no such file (%s)', async (text, code) => {
    expect(await codeOf(text)).toBe(code)
    expect(setupFileKind(text)).toEqual({ ok: false, code })
  })

  it('of a newer format is told as newer, before anybody is asked for a passphrase', async () => {
    expect(await codeOf(await madeWith({ format: 2, more: 'of it' }, 1000), '')).toBe('newer')
    expect(await codeOf(await madeWith({ typ: 'w24-other' }, 1000))).toBe('no-setup-file')
  })

  it('that asks for a day of computing is refused at once', async () => {
    const endless = await madeWith({}, 1000)
    const [head = '', ...rest] = (endless.split('\n')[0] ?? '').split('.')
    const header = { ...JSON.parse(Buffer.from(head, 'base64url').toString()), p2c: 2_000_000_000 }
    const line = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.')
    expect(await codeOf(await withDigest(line))).toBe('wrong-passphrase')
  })

  it('for the hall opens with its key alone, today and after a new key was made', async () => {
    const opened = await openSetup(forHall, { hall: [createSealingKeyPair(), hall] })
    expect(opened).toEqual({ ok: true, payload: PAYLOAD })
    expect(await openSetup(forHall, { hall: [createSealingKeyPair()] })).toEqual({
      ok: false,
      code: 'for-another-hall',
    })
    expect(await codeOf(forHall)).toBe('for-the-hall')
    expect(await openSetup(file, { hall: [hall] })).toEqual({ ok: false, code: 'by-passphrase' })
    expect([setupFileKind(file), setupFileKind(forHall)]).toEqual([
      { ok: true, by: 'passphrase' },
      { ok: true, by: 'hall' },
    ])
  })

  it('takes a passphrase of 8 to 128 characters, whatever script they are of', () => {
    expect(
      ['七个汉字不够长', '八个汉字就够长了', 'a'.repeat(128), 'a'.repeat(129)].map(isPassphrase),
    ).toEqual([false, true, true, false])
  })
})
