/** Enrolment codes and devices. */
import type { DeviceRole } from '../../protocol/devices.ts'
import { SigningKey } from '../../protocol/keys.ts'
import type { Sql } from './sql.ts'
import type { Enrolment, EnrolOutcome, Store, StoredDevice } from './store.ts'

type DevicePart = Pick<Store, 'addEnrolmentCode' | 'enrol' | 'device' | 'devices' | 'revokeDevice'>

/** Numbers are given out one by one, so that all enrolments of a hall take turns. */
const ENROLMENT_LOCK = 'enrolment'

interface CodeRow {
  expires_at: number
  used_by: string | null
}

interface DeviceRow {
  device_id: string
  public_key: string
  thumbprint: string
  role: DeviceRole
  name: string
  window: string | null
  software: string
  enrolled_at: number
  revoked_at: number | null
}

export function devicePart(sql: Sql): DevicePart {
  return {
    async addEnrolmentCode({ codeHash, createdAt, expiresAt }) {
      await sql.run(
        'INSERT INTO enrolment_codes (code_hash, created_at, expires_at) VALUES (?, ?, ?)',
        codeHash,
        createdAt.getTime(),
        expiresAt.getTime(),
      )
    },
    async enrol(enrolment) {
      return await sql.transaction(ENROLMENT_LOCK, async (within) => await enrol(within, enrolment))
    },
    async device(deviceId) {
      const row = await deviceRow(sql, deviceId)
      return row === undefined ? null : storedDevice(row)
    },
    async devices() {
      return (await sql.all<DeviceRow>('SELECT * FROM devices ORDER BY number')).map(storedDevice)
    },
    async revokeDevice(deviceId, at) {
      const revoke = 'UPDATE devices SET revoked_at = ? WHERE device_id = ? AND revoked_at IS NULL'
      return (await sql.run(revoke, at.getTime(), deviceId)) === 1
    },
  }
}

async function enrol(sql: Sql, enrolment: Enrolment): Promise<EnrolOutcome> {
  const { codeHash, device, publicKey, thumbprint, at } = enrolment
  const code = await sql.get<CodeRow>(
    'SELECT expires_at, used_by FROM enrolment_codes WHERE code_hash = ?',
    codeHash,
  )
  if (code === undefined) return { outcome: 'unknown-code' }
  if (code.used_by !== null) return enrolledAgain(await deviceRow(sql, code.used_by), enrolment)
  if (code.expires_at <= at.getTime()) return { outcome: 'expired-code' }
  // A device is never taken out of the table, so that no number comes twice.
  const next = await sql.get<{ number: number }>('SELECT coalesce(max(number), 0) + 1 AS number FROM devices')
  if (next === undefined) throw new Error('no number for a device')
  const deviceId = enrolment.nameDevice(next.number)
  await sql.run(
    `INSERT INTO devices
       (number, device_id, public_key, thumbprint, role, name, "window", software, enrolled_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    next.number,
    deviceId,
    JSON.stringify(publicKey),
    thumbprint,
    device.role,
    device.name,
    device.window,
    device.software,
    at.getTime(),
  )
  await sql.run('UPDATE enrolment_codes SET used_by = ? WHERE code_hash = ?', deviceId, codeHash)
  return { outcome: 'enrolled', deviceId, again: false }
}

function enrolledAgain(device: DeviceRow | undefined, enrolment: Enrolment): EnrolOutcome {
  if (device?.thumbprint !== enrolment.thumbprint) return { outcome: 'code-used' }
  if (device.revoked_at !== null) return { outcome: 'revoked' }
  return { outcome: 'enrolled', deviceId: device.device_id, again: true }
}

async function deviceRow(sql: Sql, deviceId: string): Promise<DeviceRow | undefined> {
  return await sql.get<DeviceRow>('SELECT * FROM devices WHERE device_id = ?', deviceId)
}

function storedDevice(row: DeviceRow): StoredDevice {
  return {
    deviceId: row.device_id,
    publicKey: SigningKey.parse(JSON.parse(row.public_key)),
    thumbprint: row.thumbprint,
    role: row.role,
    name: row.name,
    window: row.window,
    software: row.software,
    enrolledAt: new Date(row.enrolled_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
  }
}
