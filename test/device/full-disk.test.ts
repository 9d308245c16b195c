/** Promise 1, as a citizen meets it: a disk without room says so instead of thanking. */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestDevice, startTestHall, temporaryFolder, windowRequest } from './support/house.ts'
import { bodyOf, openPad } from './support/screen.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

const QUESTION = {
  caseNo: 'YX2026110007K3',
  itemCode: '11330099MB0A00010R3000101010000',
  itemName: '普通护照申领',
}

it('promise 1: the pad says that it cannot keep anything now, thanks nobody, and goes on by itself when there is room', async () => {
  const disk = await temporaryFolder(parts)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'window24', disk])
  if (mounted.status !== 0) throw new Error(`no tmpfs can be mounted (root is needed): ${mounted.stderr}`)
  parts.defer(() => void spawnSync('umount', ['-l', disk]))
  const hall = await startTestHall(parts)
  const device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: join(disk, 'data'),
  })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ view, line }) => view.name === 'rest' && line.online && line.backlog === 0)
  const asked = await windowRequest(device, 'POST', '/evaluations', QUESTION)
  const evaluationId = String((await bodyOf(asked)).id)
  await screen.untilView('asking')
  expect(screen.state().storage).toBe('ok')

  fill(join(disk, 'filler'))
  // What room the WAL itself still has is used up by touches; the answer that meets the end of it is refused.
  let refused = null
  for (let touch = 0; touch < 2_000 && refused === null; touch += 1) {
    const answer = await screen.act({ type: 'set-anonymous', evaluationId, anonymous: touch % 2 === 0 })
    if (!answer.ok) refused = answer
  }
  expect(refused?.status).toBe(503)
  expect(await refused?.json()).toMatchObject({ code: 'cannot-keep' })
  await screen.until(({ storage }) => storage === 'cannot-keep')
  expect((await hall.counts()).rating).toBe(0)

  rmSync(join(disk, 'filler'))
  await screen.until(({ storage }) => storage === 'ok')
  await screen.act({ type: 'choose-level', evaluationId, level: 'satisfied' })
  await screen.act({ type: 'finish', evaluationId, labels: [], comment: null })
  await screen.until(({ view, line }) => view.name === 'rest' && line.backlog === 0)
  expect((await hall.counts()).rating).toBe(1)
})

const fill = (path: string): void => {
  const file = openSync(path, 'a')
  const chunk = Buffer.alloc(4096)
  try {
    for (;;) writeSync(file, chunk)
  } catch {
    closeSync(file)
  }
}
