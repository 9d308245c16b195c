import { describe, expect, it } from 'vitest'
import { judgeResetFile } from '../../../device/technician/access/reset-file.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { createSigningKeyPair } from '../../../sync/protocol/keys.ts'
import { signReset } from '../../../sync/protocol/technician-reset.ts'

describe('a file of the hall for a lost PIN', () => {
  const DAY_MS = 24 * 60 * 60_000
  const NOW = new Date('2026-11-22T10:00:00+08:00')
  const { publicKey, privateKey } = createSigningKeyPair()
  const ID = '7f2c1d34-5b6a-4c8d-9e0f-112233445566'
  const claim = {
    purpose: 'technician-pin',
    device: 'P-0001-ABCD',
    id: ID,
    issuedAt: formatInstant(NOW),
    expiresAt: formatInstant(new Date(NOW.getTime() + 7 * DAY_MS)),
  } as const
  const file = Buffer.from(signReset(claim, privateKey))
  const judged = (change: {
    bytes?: Uint8Array
    deviceId?: string | null
    now?: Date
    used?: boolean
    keys?: (typeof publicKey)[]
  }): string => {
    const { bytes = file, deviceId = claim.device, now = NOW, used = false, keys = [publicKey] } = change
    const answer = judgeResetFile(bytes, { hall: { keys: () => keys, isUsed: () => used }, deviceId, now })
    return answer.ok ? answer.id : answer.code
  }

  it('is good for its device, for a week, once', () => {
    expect(judged({})).toBe(ID)
    expect(judged({ now: new Date(NOW.getTime() + 6 * DAY_MS) })).toBe(ID)
    expect(judged({ now: new Date(NOW.getTime() + 8 * DAY_MS) })).toBe('reset-file-expired')
    expect(judged({ deviceId: 'P-0002-ABCD' })).toBe('reset-file-other-device')
    expect(judged({ used: true })).toBe('reset-file-used')
    expect(judged({ deviceId: null })).toBe('not-enrolled')
  })

  it('is told apart from a clock that was never set', () => {
    expect(judged({ now: new Date(0) })).toBe('clock-wrong')
    expect(judged({ now: new Date(NOW.getTime() - 30 * DAY_MS) })).toBe('clock-wrong')
    expect(judged({ now: new Date(NOW.getTime() - 60_000) })).toBe(ID)
  })

  it('opens nothing when another has signed it, when a letter is another, or when it is cut anywhere', () => {
    const other = createSigningKeyPair()
    expect(judged({ bytes: Buffer.from(signReset(claim, other.privateKey)) })).toBe('reset-file-not-signed')
    expect(judged({ keys: [] })).toBe('no-hall-key')
    const text = file.toString()
    const stretched = text.replace(claim.expiresAt, claim.expiresAt.replace('2026', '2036'))
    expect(judged({ bytes: Buffer.from(stretched) })).toBe('reset-file-not-signed')
    expect(judged({ bytes: Buffer.from(text.replace('P-0001', 'P-0002')), deviceId: 'P-0002-ABCD' })).toBe(
      'reset-file-not-signed',
    )
    for (let length = 0; length < file.length - 2; length++)
      expect(judged({ bytes: file.subarray(0, length) }), String(length)).toBe('reset-file-damaged')
  })
})
