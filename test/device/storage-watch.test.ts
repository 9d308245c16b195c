import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type StorageFact, watchStorage } from '../../device/storage-watch.ts'
import { StoreError } from '../../sync/sqlite.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T10:00:00+08:00') }))
afterEach(() => void vi.useRealTimers())

const failure = (code: string): Error => Object.assign(new Error('of the disk'), { code })

const room = () => {
  const facts: StorageFact[] = []
  const disk: { fails: Error | null } = { fails: null }
  const onChange = vi.fn()
  const onReopen = vi.fn()
  const watch = watchStorage({
    probe: () => {
      if (disk.fails !== null) throw disk.fails
    },
    onChange,
    onReopen,
    onOver: (fact) => facts.push(fact),
    onTrouble: () => {},
  })
  return { watch, disk, facts, onChange, onReopen }
}

it.each([
  ['SQLITE_FULL', 'disk-full'],
  ['ENOSPC', 'disk-full'],
  ['SQLITE_READONLY', 'cannot-write'],
  ['SQLITE_IOERR_WRITE', 'cannot-write'],
  ['EROFS', 'cannot-write'],
])('%s lasts until a write succeeds, and one fact tells how long', (code, problem) => {
  const { watch, disk, facts, onReopen } = room()
  disk.fails = failure(code)
  watch.note(disk.fails)
  expect([watch.problem(), watch.alarm()]).toEqual([problem, problem])
  vi.advanceTimersByTime(60_000)
  expect([watch.problem(), facts]).toEqual([problem, []])
  disk.fails = null
  vi.advanceTimersByTime(5_000)
  expect([watch.problem(), watch.alarm()]).toEqual([null, null])
  expect(facts).toHaveLength(1)
  expect(facts[0]).toMatchObject({ problem, carried: null, lost: null })
  expect(new Date(facts[0]?.since ?? '')).toEqual(new Date('2026-11-21T10:00:00+08:00'))
  expect(onReopen).not.toHaveBeenCalled()
})

it.each(['SQLITE_IOERR_FSYNC', 'SQLITE_CORRUPT', 'SQLITE_IOERR_READ', 'SQLITE_NOTADB'])(
  '%s is not written over: the store is opened anew',
  (code) => {
    const { watch, onReopen, facts } = room()
    watch.note(failure(code))
    expect(onReopen).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    expect(facts).toEqual([])
    expect(watch.problem()).not.toBeNull()
  },
)

it('damage that was mended or set aside is told to the hall and keeps nobody from rating', () => {
  const { watch, onChange } = room()
  watch.note(new StoreError('event-damaged', 'one event'))
  expect([watch.problem(), watch.alarm()]).toEqual([null, 'damage-found'])
  expect(onChange).toHaveBeenCalledTimes(1)
})

it('what is no trouble of the disk changes nothing', () => {
  const { watch, onChange } = room()
  watch.note(new TypeError('a defect'))
  watch.note(failure('ECONNREFUSED'))
  expect([watch.problem(), onChange.mock.calls.length]).toEqual([null, 0])
})
