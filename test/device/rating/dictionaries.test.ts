/** Labels by version: what the hall hands out is offered, and a question keeps the version that it was opened with. */
import { beforeEach, expect, it, vi } from 'vitest'
import type { Dictionary } from '../../../sync/protocol/content.ts'
import { builtInDictionaries } from '../../../sync/protocol/dictionary.ts'
import { padAlone } from '../support/pad-alone.ts'

let handedOut: Dictionary[] = []
const at = padAlone({ dictionaries: () => handedOut })
const { finish } = at
beforeEach(() => {
  handedOut = []
})

/** The nation's with one more label for each level, such as 599 for the best. */
const newer = (version: string): Dictionary => {
  const [built] = builtInDictionaries()
  if (built === undefined) throw new Error('there is no dictionary')
  const levels = built.dictionary.levels.map(({ level, labels }) => ({
    level,
    labels: [{ code: `${level}99`, text: `第${level}级的新标签` }, ...labels.slice(0, 7)],
  }))
  return { version, levels }
}
const ask = (caseNo: string, replace = false): string => at.ask(caseNo, { replace })
const choose = (evaluationId: string) => at.tap(evaluationId, 'very-satisfied')
const offered = (): string[] => {
  const view = at.room.pad.view()
  return view.name === 'labels' ? view.labels.map(({ code }) => code) : []
}

it('the hall’s newer version is offered, and the rating names it', async () => {
  handedOut = [newer('2026.1'), newer('2019.2')]
  const id = ask('CASE1')
  await choose(id)
  expect(offered()[0]).toBe('599')
  await finish(id, ['599'])
  expect(at.room.ratings()).toMatchObject([{ dictionary: '2026.1', labels: ['599'] }])
})

it.each([
  ['asked', async () => {}],
  ['answered', (id: string) => choose(id)],
])(
  'a question that was %s keeps its version when a newer one comes, and the next has the newer',
  async (_when, before) => {
    const first = ask('CASE1')
    await before(first)
    handedOut = [newer('2026.1')]
    await choose(first)
    expect(offered()[0]).toBe('510')
    expect(await finish(first, ['599'])).toMatchObject({ ok: false, code: 'unknown-label' })
    await finish(first, ['510'])
    vi.advanceTimersByTime(3_000)
    const second = ask('CASE2')
    await choose(second)
    expect(offered()[0]).toBe('599')
    await finish(second, [])
    expect(at.room.ratings().map(({ dictionary }) => dictionary)).toEqual(['2019.1', '2026.1'])
  },
)

it('a version that is handed out no more stays the open question’s', async () => {
  handedOut = [newer('2026.1')]
  const id = ask('CASE1')
  await choose(id)
  handedOut = []
  expect(offered()[0]).toBe('599')
  await finish(id, ['599'])
  expect(at.room.ratings()).toMatchObject([{ dictionary: '2026.1' }])
})

it('a question that had to wait has the version of the moment when it is asked', async () => {
  const first = ask('CASE1')
  await choose(first)
  const second = ask('CASE2', true)
  handedOut = [newer('2026.1')]
  await finish(first, [])
  vi.advanceTimersByTime(3_000)
  await choose(second)
  await finish(second, ['599'])
  expect(at.room.ratings()).toMatchObject([
    { dictionary: '2019.1' },
    { dictionary: '2026.1', labels: ['599'] },
  ])
})
