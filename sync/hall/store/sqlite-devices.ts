/** Enrolment codes and devices in SQLite. */

import type { DeviceRole } from '../../protocol/devices.ts'
import { SigningKey } from '../../protocol/keys.ts'
import type { Db } from '../../sqlite.ts'
import type { Enrolment, EnrolOutcome, Store, StoredDevice } from './store.ts'

type DevicePart = Pick<Store, 'addEnrolmentCode' | 'enrol' | 'device' | 'devices' | 'revokeDevice'>

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

export function devicePart(db: Db): DevicePart {
  const insertCode = db.prepare(
    'INSERT INTO enrolment_codes (code_hash, created_at, expires_at) VALUES (@codeHash, @createdAt, @expiresAt)',
  )
  const findCode = db.prepare<[string], CodeRow>(
    'SELECT expires_at, used_by FROM enrolment_codes WHERE code_hash = ?',
  )
  const useCode = db.prepare<[string, string]>('UPDATE enrolment_codes SET used_by = ? WHERE code_hash = ?')
  const lastNumber = db.prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'devices'")
  const insertDevice = db.prepare(
    `INSERT INTO devices (device_id, public_key, thumbprint, role, name, window, software, enrolled_at)
     VALUES (@deviceId, @publicKey, @thumbprint, @role, @name, @window, @software, @enrolledAt)`,
  )
  const findDevice = db.prepare<[string], DeviceRow>('SELECT * FROM devices WHERE device_id = ?')
  const allDevices = db.prepare<[], DeviceRow>('SELECT * FROM devices ORDER BY number')
  const revoke = db.prepare<[number, string]>(
    'UPDATE devices SET revoked_at = ? WHERE device_id = ? AND revoked_at IS NULL',
  )

  const enrol = db.transaction((enrolment: Enrolment): EnrolOutcome => {
    const code = findCode.get(enrolment.codeHash)
    if (code === undefined) return { outcome: 'unknown-code' }
    if (code.used_by !== null) return enrolledAgain(code.used_by, enrolment)
    if (code.expires_at <= enrolment.at.getTime()) return { outcome: 'expired-code' }
    const deviceId = enrolment.nameDevice((lastNumber.get()?.seq ?? 0) + 1)
    insertDevice.run({
      ...enrolment.device,
      deviceId,
      publicKey: JSON.stringify(enrolment.publicKey),
      thumbprint: enrolment.thumbprint,
      enrolledAt: enrolment.at.getTime(),
    })
    useCode.run(deviceId, enrolment.codeHash)
    return { outcome: 'enrolled', deviceId, again: false }
  })

  function enrolledAgain(deviceId: string, enrolment: Enrolment): EnrolOutcome {
    const device = findDevice.get(deviceId)
    if (device?.thumbprint !== enrolment.thumbprint) return { outcome: 'code-used' }
    if (device.revoked_at !== null) return { outcome: 'revoked' }
    return { outcome: 'enrolled', deviceId, again: true }
  }

  return {
    async addEnrolmentCode({ codeHash, createdAt, expiresAt }) {
      insertCode.run({ codeHash, createdAt: createdAt.getTime(), expiresAt: expiresAt.getTime() })
    },
    async enrol(enrolment) {
      return enrol.immediate(enrolment)
    },
    async device(deviceId) {
      const row = findDevice.get(deviceId)
      return row === undefined ? null : storedDevice(row)
    },
    async devices() {
      return allDevices.all().map(storedDevice)
    },
    async revokeDevice(deviceId, at) {
      return revoke.run(at.getTime(), deviceId).changes === 1
    },
  }
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
