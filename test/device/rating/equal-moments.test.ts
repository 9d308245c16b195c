/**
 * When each page comes and each word leaves the pad, to the millisecond: the same citizen answers with each of the
 * five levels, and neither the window's system nor the hall is told anything sooner or later.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Level } from '../../../device/http/contract.ts'
import { HallQuestionStore } from '../../../device/rating/hall-question-store.ts'
import { type HallQuestions, hallQuestions } from '../../../device/rating/hall-questions.ts'
import { OfferedQuestion } from '../../../sync/protocol/evaluations.ts'
import { seenOfEach } from '../support/five-answers.ts'
import { padAlone } from '../support/pad-alone.ts'
import { evaluation } from '../support/pad-at-window.ts'

/** What a citizen does, and how long after the touch before: milliseconds. */
type Touch = [afterMs: number, what: 'choose' | 'label' | 'anonymous' | 'finish']

const CITIZENS: [string, Touch[]][] = [
  [
    'finishes at once',
    [
      [4_000, 'choose'],
      [3_000, 'finish'],
    ],
  ],
  [
    'chooses labels',
    [
      [9_000, 'choose'],
      [2_000, 'label'],
      [1_500, 'anonymous'],
      [7_000, 'finish'],
    ],
  ],
  [
    'walks away',
    [
      [2_000, 'choose'],
      [1_000, 'label'],
    ],
  ],
]

const PATIENCE_MS = 6 * 60_000

const at = padAlone()
let hall: HallQuestions
let seen: [number, string][] = []
let begunMs = 0

const seeing = (what: string): number => seen.push([Date.now() - begunMs, what])

beforeEach(() => {
  const { pad, db, troubles } = at.room
  hall = hallQuestions({
    pad,
    store: new HallQuestionStore(db),
    isLeftOver: () => false,
    async answer(id, state) {
      seeing(`the hall is told: ${state}`)
      return { ok: true, value: { id, state: state === 'rated' ? 'rated' : 'waiting' } }
    },
    window: '12',
    random: () => 0,
    onTrouble: (error) => troubles.push(error),
  })
})
afterEach(async () => {
  await hall.close()
  expect(at.room.troubles).toEqual([])
})

async function askedAt(side: 'window' | 'hall', caseNo: string): Promise<string> {
  if (side === 'window') return at.ask(caseNo)
  const id = crypto.randomUUID()
  hall.offered({ id, question: OfferedQuestion.parse({ ...evaluation(caseNo), user: null }) })
  await vi.advanceTimersByTimeAsync(0)
  return id
}

/** Everything that leaves the pad, milliseconds after the question. */
async function moments(side: 'window' | 'hall', level: Level, channel: 'pad' | 'keypad', touches: Touch[]) {
  const { pad, news, onPage } = at.room
  seen = []
  begunMs = Date.now()
  let page = ''
  let told = news.length
  const look = (): void => {
    const { name } = pad.view()
    if (name !== page) seeing(name)
    page = name
    for (const one of news.slice(told)) {
      told += 1
      if (one.type === 'evaluation') seeing(`the window is told: ${one.state}`)
      hall.news(one)
    }
  }
  onPage.mockImplementation(look)
  const evaluationId = await askedAt(side, `${side}${channel}${touches.length}${level}`.replaceAll('-', ''))
  for (const [afterMs, what] of touches) {
    await vi.advanceTimersByTimeAsync(afterMs)
    const view = pad.view()
    const labels = view.name === 'labels' ? view.labels.slice(0, 1).map(({ code }) => code) : []
    if (what === 'choose') await pad.act({ type: 'choose-level', evaluationId, level }, channel)
    else if (what === 'label') await pad.act({ type: 'set-labels', evaluationId, labels })
    else if (what === 'anonymous') await pad.act({ type: 'set-anonymous', evaluationId, anonymous: true })
    else await pad.act({ type: 'finish', evaluationId, labels, comment: null })
  }
  // One timer after the other: what comes is seen at the moment it comes.
  while (pad.isAsking() && Date.now() - begunMs < PATIENCE_MS) await vi.advanceTimersToNextTimerAsync()
  look()
  return seen
}

for (const side of ['window', 'hall'] as const)
  for (const channel of ['pad', 'keypad'] as const)
    it.each(CITIZENS)(
      `after every level all comes at the same moments: asked at the ${side}, answered on the ${channel}, by one who %s`,
      async (_how, touches) => {
        const all = await seenOfEach((level) => moments(side, level, channel, touches))
        const words = all.map(([, what]) => what)
        expect(words.filter((what) => what.startsWith('the window'))).toEqual([
          'the window is told: waiting',
          'the window is told: rated',
        ])
        expect(words.filter((what) => what.startsWith('the hall'))).toEqual(
          side === 'hall' ? ['the hall is told: waiting', 'the hall is told: rated'] : [],
        )
        // Nobody is told before the citizen has been thanked and the pad is back at rest.
        expect(words.indexOf('the window is told: rated')).toBeGreaterThan(words.indexOf('thanks'))
      },
    )
