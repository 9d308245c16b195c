import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { faultInWords } from '../../../sync/hall/fleet-words.ts'
import { enrolledDevice, startTestHall } from './helpers.ts'
import { run } from './support/command.ts'

test('what a device tells of itself is kept, and told by the command in words', async () => {
  const hall = await startTestHall({ demo: true })
  const device = await enrolledDevice(hall)
  const body = {
    role: 'pad',
    software: '0.1.0',
    uptimeSeconds: 60,
    bootId: randomUUID(),
    head: null,
    peripherals: {},
    paper: null,
    backlog: 0,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 3 },
    storage: { freeBytes: 1_000_000, totalBytes: 2_000_000 },
  }
  const faults = [
    {
      id: 'keypad.no-answer',
      severity: 'fault',
      since: '2026-11-21T20:14:05.123+08:00',
      stops: ['pressing'],
    },
  ]
  const put = (more: object) =>
    device.ask({ method: 'PUT', path: `/v1/devices/${device.deviceId}/status`, body: { ...body, ...more } })
  // A device of an earlier version tells of none.
  expect((await put({})).json).toMatchObject({ knows: ['faults'] })
  expect((await put({ faults })).status).toBe(200)
  expect((await put({ faults: [{ ...faults[0], id: '张小雨' }] })).status).toBe(400)
  const { code, out } = await run('devices', '--data', hall.dataDir)
  expect(code).toBe(0)
  expect(out).toMatch(/what is wrong +since +stops/)
  expect(out).toMatch(
    new RegExp(`${device.deviceId} +keypad: answers nothing +2026-11-21 .*rating by buttons`),
  )
  await hall.close()
})

test('a code that is newer than this hall stays a code', () => {
  const fault = {
    severity: 'warning' as const,
    since: '2026-11-21T20:14:05.123+08:00',
    stops: ['new-service'],
  }
  expect(faultInWords({ ...fault, id: 'scanner.lamp-dim' })).toEqual([
    'scanner: lamp dim (warning)',
    expect.stringMatching(/^2026-11-21 \d\d:14$/),
    'new service',
  ])
  expect(faultInWords({ ...fault, id: 'camera.lamp-dim' })[0]).toBe('camera: lamp dim (warning)')
})
