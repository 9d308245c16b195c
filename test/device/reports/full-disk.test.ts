/** A disk without room, as a citizen meets it who has something to say: told so, nothing half kept, nothing lost. */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Action } from '../../../device/http/contract.ts'
import { startTestHall, type TestHall } from '../../sync/hall/helpers.ts'
import { run } from '../../sync/hall/support/command.ts'
import { startTestDevice, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'

let parts: AsyncDisposableStack
let hall: TestHall
beforeEach(async () => {
  parts = new AsyncDisposableStack()
  hall = await startTestHall({ demo: true })
  parts.defer(() => hall.close())
})
afterEach(() => parts.disposeAsync())

/** So much is said each time that the room which the WAL itself still has is soon used up. */
const WORDS = '灯火巷口的窗口让我回去三趟。'.repeat(35)
const TRIES_AT_MOST = 400

it('a report that finds no room is not kept and still stands on its page; with room again it is kept once', async () => {
  const disk = await temporaryFolder(parts)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'window24', disk])
  if (mounted.status !== 0) throw new Error(`no tmpfs can be mounted (root is needed): ${mounted.stderr}`)
  parts.defer(() => void spawnSync('umount', ['-l', disk]))
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: hall.hall.url,
    enrolmentCode: hall.hall.createEnrolmentCode(),
    dataDir: join(disk, 'data'),
  })
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ hall: known, line, view }) => known !== null && line.online && view.name === 'rest')
  const act = (action: Action): Promise<Response> => screen.act(action)
  const say = async (key: string): Promise<boolean> => {
    await act({ type: 'open-service', service: 'feedback' })
    await act({ type: 'begin-feedback', kind: 'report' })
    await act({ type: 'choose-ground', ground: 'not-accepted' })
    await act({ type: 'edit-feedback', field: 'said' })
    await act({ type: 'say-feedback', reasons: [], words: WORDS })
    await act({ type: 'finish-feedback-field' })
    return await keep(key)
  }
  const keep = async (key: string): Promise<boolean> => {
    await act({ type: 'keep-feedback', key })
    const { view } = await screen.until(
      ({ view }) => view.name === 'feedback-kept' || (view.name === 'feedback-form' && view.notKept !== null),
    )
    return view.name === 'feedback-kept'
  }
  /** Out of what was kept, with nothing asked about it, back home for the next. */
  const leave = async (): Promise<void> => {
    await act({ type: 'end' })
    await screen.untilView('ending')
    await act({ type: 'wake' })
    await screen.untilView('home')
  }

  await act({ type: 'wake' })
  fill(join(disk, 'filler'))
  let kept = 0
  while (kept < TRIES_AT_MOST && (await say(`key-${kept}`))) {
    kept += 1
    await leave()
  }
  const { view, storage } = await screen.until(({ storage }) => storage === 'cannot-keep')
  expect(storage).toBe('cannot-keep')
  expect(view).toMatchObject({ name: 'feedback-form', notKept: 'no-room', form: { words: WORDS, lacks: [] } })

  rmSync(join(disk, 'filler'))
  await screen.until(({ storage }) => storage === 'ok')
  await act({ type: 'keep-feedback', key: 'another-touch' })
  await screen.untilView('feedback-kept')
  await screen.until(({ line }) => line.online && line.backlog === 0)
  const { out } = await run('feedback', '--json', '--data', hall.dataDir)
  expect(out.trimEnd().split('\n')).toHaveLength(kept + 1)
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
