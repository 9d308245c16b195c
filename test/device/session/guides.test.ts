/** The ways to a guide, what can be taken along of it, and that what was typed goes with its person. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guideIndexOf } from '../../../device/content/guide-search/guide-index.ts'
import { TerminalAction, type TerminalView } from '../../../device/http/contract.ts'
import {
  initialState,
  type PrintAction,
  type SessionEvent,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { type BlankForm, Guide } from '../../../sync/protocol/content.ts'
import { manyGuides } from '../support/many-guides.ts'
import { sampleCard, sampleForm, sampleGuide, sampleWorld } from '../support/samples.ts'

const DEMO = join(import.meta.dirname, '../../../sync/hall/demo/guides')
const guides = readdirSync(DEMO).map((file) =>
  Guide.parse(JSON.parse(readFileSync(join(DEMO, file), 'utf8'))),
)
const many = manyGuides(guides, 5_000)
const worldOf = (all: readonly Guide[], change: Partial<World> = {}): World =>
  sampleWorld({ guides: all, guideIndex: guideIndexOf(all), ...change })
const world = worldOf(guides)
const large = worldOf(many)

type Act = Extract<SessionEvent, { type: 'action' }>['action']
const act = (action: Act): SessionEvent => ({ type: 'action', action })
const print = (action: PrintAction): SessionEvent => ({
  type: 'print-wanted',
  action,
  jobId: 'job-1',
  known: null,
})
const HOME = act({ type: 'wake' })
const OPEN = [HOME, act({ type: 'open-service', service: 'guides' })]
const play = (events: SessionEvent[], of: World = world) =>
  events.reduce<ReturnType<typeof transition>>(({ state }, event) => transition(state, event, of), {
    state: initialState(true),
    effects: [],
  })
const viewAfter = <Name extends TerminalView['name']>(
  name: Name,
  events: SessionEvent[],
  of: World = world,
) => {
  const { view } = play(events, of).state
  if (view.name !== name) throw new Error(view.name)
  return view as Extract<TerminalView, { name: Name }>
}

describe('browsing', () => {
  it('begins with what happens in a life; three touches lead from home to paper', () => {
    const start = viewAfter('guides', OPEN)
    expect(start).toMatchObject({ by: 'life-event', lifeEvent: null, guides: [], nextLetters: [] })
    const printed = play([
      ...OPEN,
      act({ type: 'choose-life-event', lifeEvent: 'travel' }),
      print({ type: 'print-guide', itemCode: sampleGuide.itemCode, paper: 'a4', key: 'k' }),
    ])
    expect(printed.effects).toMatchObject([
      { type: 'print', printable: { kind: 'guide' } },
      { type: 'disarm' },
    ])
  })

  it('is told in English on the paper too that it is in Chinese, where English was chosen', () => {
    const page = [
      ...OPEN,
      act({ type: 'choose-life-event', lifeEvent: 'travel' }),
      act({ type: 'open-guide', itemCode: sampleGuide.itemCode }),
    ]
    const wishes = [
      print({ type: 'print-guide', itemCode: sampleGuide.itemCode, paper: 'a4', key: 'k' }),
      print({ type: 'print-notice', paper: 'a4', key: 'k' }),
    ]
    const english = act({ type: 'prefer', preferences: { language: 'en' } })
    for (const wish of wishes) {
      expect(play([...page, english, wish]).effects).toMatchObject([
        { printable: { language: 'en' } },
        { type: 'disarm' },
      ])
      const [inChinese] = play([...page, wish]).effects
      expect(inChinese).not.toHaveProperty('printable.language')
    }
  })

  it('goes by offices too, each with how many guides it has', () => {
    const { offices } = viewAfter('guides', [...OPEN, act({ type: 'browse-guides', by: 'office' })])
    expect(offices.reduce((sum, { count }) => sum + count, 0)).toBe(guides.length)
    const chosen = [
      ...OPEN,
      act({ type: 'browse-guides', by: 'office' }),
      act({ type: 'choose-office', office: '云溪区税务局' }),
    ]
    const { guides: listed } = viewAfter('guides', chosen)
    expect(listed.map(({ office }) => office)).toEqual(['云溪区税务局', '云溪区税务局', '云溪区税务局'])
    expect(
      play([...OPEN, act({ type: 'choose-office', office: '不在此处的部门' })]).state.view,
    ).toMatchObject({ office: null })
  })

  it('goes by the letters of the Pinyin, and in an English session by those of the English name', () => {
    const byLetter = [...OPEN, act({ type: 'browse-guides', by: 'letter' })]
    const { nextLetters } = viewAfter('guides', byLetter)
    expect(nextLetters.map(({ letter }) => letter)).toContain('P')
    const { guides: listed } = viewAfter('guides', [...byLetter, act({ type: 'choose-letter', letter: 'P' })])
    expect(listed.map(({ name }) => name)).toEqual(['普通护照申领'])
    const english = [...byLetter, act({ type: 'prefer', preferences: { language: 'en' } })]
    const named = viewAfter('guides', [...english, act({ type: 'choose-letter', letter: 'O' })])
    expect(named.guides.every(({ nameEnglish }) => nameEnglish.startsWith('O'))).toBe(true)
    expect(named.guides.length).toBeGreaterThan(0)
  })

  it('from one way to another leads back home, not through all that were looked at', () => {
    const ways = [
      ...OPEN,
      act({ type: 'browse-guides', by: 'office' }),
      act({ type: 'choose-office', office: '云溪区税务局' }),
      act({ type: 'browse-guides', by: 'letter' }),
      act({ type: 'back' }),
    ]
    expect(play(ways).state.view).toEqual({ name: 'home' })
  })

  it('never lists more of thousands than can be leafed through: letters narrow them down to every one', () => {
    const seen = new Set<string>()
    const walk = (events: SessionEvent[], depth: number): void => {
      const view = viewAfter('guides', events, large)
      expect(view.guides.length).toBeLessThanOrEqual(view.nextLetters.length > 0 ? 0 : 200)
      for (const { itemCode } of view.guides) seen.add(itemCode)
      expect(JSON.stringify(view).length).toBeLessThan(64 * 1024)
      for (const { letter } of depth < 9 ? view.nextLetters : [])
        walk([...events, act({ type: 'choose-letter', letter })], depth + 1)
    }
    walk([...OPEN, act({ type: 'choose-life-event', lifeEvent: 'tax' })], 0)
    const wanted = many.filter(({ lifeEvents }) => lifeEvents.includes('tax'))
    expect(seen.size).toBe(wanted.length)
    expect(wanted.length).toBeGreaterThan(200)
  })

  it('that finds nothing any more after a change of the content says so on the same page', () => {
    const { state } = play([...OPEN, act({ type: 'choose-life-event', lifeEvent: 'travel' })])
    const after = transition(state, { type: 'world-changed' }, worldOf([])).state.view
    expect(after).toMatchObject({ name: 'guides', lifeEvent: 'travel', guides: [], nextLetters: [] })
  })
})

describe('searching', () => {
  const type = (query: string) => act({ type: 'search-guides', query })
  const SEARCH = [...OPEN, act({ type: 'open-guide-search' })]

  it('answers each key, and `back` leads out of it, not through its letters', () => {
    const found = viewAfter('guide-search', [...SEARCH, type('s'), type('sf'), type('sfz'), type('sfzb')])
    expect(found).toMatchObject({ query: 'sfzb', found: 1, near: false })
    const back = play([...SEARCH, type('sfz'), act({ type: 'back' })]).state
    expect(back.view).toMatchObject({ name: 'guides' })
    expect(back.trail).toEqual([{ name: 'home' }])
  })

  it('shows a page of thousands and tells how many there are', () => {
    const { guides: shown, found } = viewAfter('guide-search', [...SEARCH, type('sh')], large)
    expect(found).toBeGreaterThan(shown.length)
    expect(shown).toHaveLength(60)
  })

  it('prints from its list, and what was typed stands there again after reading', () => {
    const read = [...SEARCH, type('huzhao'), act({ type: 'open-guide', itemCode: sampleGuide.itemCode })]
    expect(viewAfter('guide-search', [...read, act({ type: 'back' })])).toMatchObject({
      query: 'huzhao',
      found: 1,
    })
    const wanted = print({ type: 'print-guide', itemCode: sampleGuide.itemCode, paper: 'receipt', key: 'k' })
    expect(play([...SEARCH, type('huzhao'), wanted]).effects).toMatchObject([
      { type: 'print' },
      { type: 'disarm' },
    ])
  })

  it('leaves nothing of what was typed when its person has gone', () => {
    const { state } = play([
      ...SEARCH,
      type('离婚'),
      act({ type: 'open-guide', itemCode: sampleGuide.itemCode }),
    ])
    const ended = transition(state, act({ type: 'end' }), world).state
    expect(JSON.stringify(ended)).not.toContain('离婚')
    const other = play([
      ...SEARCH,
      type('离婚'),
      { type: 'timer', timer: 'idle' },
      { type: 'timer', timer: 'warning' },
    ])
    expect(JSON.stringify(other.state)).not.toContain('离婚')
  })

  it('takes no more than a name is long, and no letter that is none', () => {
    expect(TerminalAction.safeParse({ type: 'search-guides', query: 'x'.repeat(41) }).success).toBe(false)
    expect(TerminalAction.safeParse({ type: 'choose-letter', letter: 'sh' }).success).toBe(false)
  })
})

it('a card that is put down on any of these pages asks for its owner’s papers', () => {
  const card: SessionEvent = { type: 'card-placed', card: sampleCard(), person: 'p', masked: '林*' }
  const read = [
    ...OPEN,
    act({ type: 'choose-life-event', lifeEvent: 'travel' }),
    act({ type: 'open-guide', itemCode: sampleGuide.itemCode }),
  ]
  const pages = [
    OPEN,
    [...OPEN, act({ type: 'open-guide-search' })],
    read,
    [...read, act({ type: 'open-guide-forms' })],
  ]
  for (const page of pages)
    expect(play([...page, card]).state.view).toEqual({ name: 'looking-up', by: 'card' })
})

it('the code on a one-time notice leads to its guide, from wherever a code is taken, without the hall', () => {
  const scan: SessionEvent = { type: 'scanned', text: `${sampleGuide.itemCode}\n` }
  const offline = worldOf(guides, { online: false })
  for (const before of [[], [HOME], OPEN, [HOME, act({ type: 'open-service', service: 'progress' })]]) {
    const { state, effects } = play([...before, scan], offline)
    expect(state.view).toMatchObject({ name: 'guide', guide: { itemCode: sampleGuide.itemCode } })
    expect(effects.map(({ type }) => type)).toEqual(['arm'])
  }
  const unknown = play([HOME, { type: 'scanned', text: sampleGuide.itemCode.replace('1', '9') }]).state
  expect(unknown.view.name).toBe('looking-up')
})

describe('taking along', () => {
  const READ = [
    ...OPEN,
    act({ type: 'choose-life-event', lifeEvent: 'travel' }),
    act({ type: 'open-guide', itemCode: sampleGuide.itemCode }),
  ]
  const other: BlankForm = { ...sampleForm, title: '同意书', sha256: 'e'.repeat(64), pages: 1 }

  it('the blank form: its pages are told before, it comes on A4, and a made-up one does not', () => {
    expect(viewAfter('guide', READ).forms).toEqual([
      { formId: sampleForm.sha256, title: sampleForm.title, titleEnglish: sampleForm.titleEnglish, pages: 2 },
    ])
    const form = print({ type: 'print-form', formId: sampleForm.sha256, key: 'k' })
    expect(play([...READ, form]).effects[0]).toMatchObject({
      job: { kind: 'form', paper: 'a4', pages: 2 },
      printable: { kind: 'form', formId: sampleForm.sha256, itemCode: sampleGuide.itemCode },
    })
    const madeUp = print({ type: 'print-form', formId: 'a'.repeat(64), key: 'k' })
    expect(play([...READ, madeUp]).state.view.name).toBe('guide')
    const down = worldOf(guides, { printers: { a4: false, receipt: true } })
    expect(play([...READ, form], down).state.view.name).toBe('guide')
  })

  it('one of several forms, each on a page of its own', () => {
    const two = worldOf(guides, { forms: [sampleForm, other] })
    const list = [...READ, act({ type: 'open-guide-forms' })]
    expect(viewAfter('guide-forms', list, two).forms.map(({ title }) => title)).toEqual([
      sampleForm.title,
      '同意书',
    ])
    const wanted = print({ type: 'print-form', formId: other.sha256, key: 'k' })
    expect(play([...list, wanted], two).effects[0]).toMatchObject({ job: { kind: 'form', pages: 1 } })
    expect(play(list, worldOf(guides, { forms: [] })).state.view.name).toBe('guide')
  })

  it('the one-time notice before anything is handed in, on either paper, with the guide’s own version', () => {
    for (const paper of ['a4', 'receipt'] as const) {
      const { effects } = play([...READ, print({ type: 'print-notice', paper, key: 'k' })])
      expect(effects[0]).toMatchObject({
        job: { kind: 'one-time-notice', paper },
        printable: { kind: 'one-time-notice', notice: { guide: sampleGuide, told: null } },
      })
    }
    const { noticeVersion } = viewAfter('guide', READ)
    expect(noticeVersion).toMatch(/^\d{4}\.\d{2} · [0-9A-Z]{4} [0-9A-Z]{4}$/)
    const changed = guides.map((guide) => ({ ...guide, conditions: [...guide.conditions, '还要一条。'] }))
    expect(viewAfter('guide', READ, worldOf(changed)).noticeVersion).not.toBe(noticeVersion)
  })
})
