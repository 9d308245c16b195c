/** Everything that can happen to a pad, played move by move, with what has to hold after each of them. */
import { expect, vi } from 'vitest'
import { z } from 'zod'
import type { AskResult } from '../../../../device/rating/pad-types.ts'
import { Envelope, typeName } from '../../../../sync/protocol/events.ts'
import { levelNumber } from '../../../../sync/protocol/levels.ts'
import { openPadRoom, type PadRoom, question } from '../../support/pad-room.ts'
import { actionOf, type Move, type Touched } from './moves.ts'

/** Past every page: nothing is left open then. */
const ALL_OVER_MS = 20 * 60_000

interface Known {
  caseNo: string
  /** By the citizen, before anything ended it. */
  touched: boolean
  answer: { level: number; channel: string } | null
  /** Who sat at the window when it was asked. */
  staffId: string
}

/** What a fact tells of its question. */
const Fact = z.looseObject({
  case: z.object({ caseNo: z.string() }).nullish(),
  outcome: z.string().optional(),
})
const RATING = typeName('rating')

/** A pad that is played on again and again, and opened anew by each cut of its power. */
export interface Stage {
  readonly folder: string
  room: PadRoom
}

let plays = 0

export class Play {
  readonly #stage: Stage
  /** In the numbers of its cases, so that no case of one play is one of another. */
  readonly #number = ++plays
  readonly #before: number
  readonly #questions = new Map<string, Known>()
  #cases = 0
  /** Of the question on the page; the page may still show it when the pad is past it. */
  #shown: string | null = null
  #staffId: string | null = null
  #told = 0
  readonly #states = new Map<string, string[]>()
  #acts: Promise<unknown>[] = []

  constructor(stage: Stage) {
    this.#stage = stage
    this.#before =
      this.#room.db.prepare<[], number>('SELECT max(place) FROM outbox_events').pluck().get() ?? 0
    this.#told = this.#room.news.length
    this.#play({ do: 'staff', staffId: null })
  }

  get #room(): PadRoom {
    return this.#stage.room
  }

  /** All of it in one tick; then whatever the pad has still to write is waited for. */
  async together(moves: readonly Move[]): Promise<void> {
    for (const one of moves) {
      this.#play(one)
      this.#holds()
    }
    await Promise.all(this.#acts.splice(0))
    this.#holds()
  }

  #play(one: Move): void {
    const { pad } = this.#room
    switch (one.do) {
      case 'ask':
        this.#ask(one)
        return
      case 'cancel': {
        const id = [...this.#questions.keys()].at(-1 - one.back)
        if (id !== undefined) expect(pad.cancel(id)).toBe(true)
        return
      }
      case 'desk':
        pad.setDesk({ paused: one.paused, message: null })
        return
      case 'staff':
        this.#staffId = one.staffId
        pad.setDesk({ staffId: one.staffId })
        return
      case 'pass':
        vi.advanceTimersByTime(one.ms)
        return
      case 'restart':
        this.#restart()
        return
      case 'touch':
        this.#touches(this.#onPage())
        pad.touch()
        return
      default:
        this.#act(one)
    }
  }

  #ask({ again, replace }: Extract<Move, { do: 'ask' }>): void {
    if (!again || this.#cases === 0) this.#cases += 1
    const caseNo = `PLAY${this.#number}CASE${this.#cases}`
    const before = [...this.#questions].filter(([id]) => this.#room.pad.evaluation(id) === 'waiting')
    const same = before.find(([, known]) => known.caseNo === caseNo)
    const rated = [...this.#questions].some(
      ([id, known]) => known.caseNo === caseNo && this.#room.pad.evaluation(id) === 'rated',
    )
    const answer: AskResult = this.#room.pad.ask(question(caseNo, { replace }))
    if (same !== undefined) {
      expect(answer).toMatchObject({ verdict: 'same', id: same[0] })
      return
    }
    if (rated) expect(['already-rated', 'paused']).toContain(answer.verdict)
    if (before.length > 0 && !replace) expect(answer.verdict).not.toBe('opened')
    if (answer.verdict !== 'opened') return
    expect(this.#questions.has(answer.id)).toBe(false)
    this.#questions.set(answer.id, { caseNo, touched: false, answer: null, staffId: this.#staffId ?? '' })
  }

  #act(one: Touched): void {
    const evaluationId = this.#shown
    if (evaluationId === null) return
    const open = this.#onPage()
    this.#touches(open === evaluationId ? open : null)
    const view = this.#room.pad.view()
    const labels = view.name === 'labels' ? view.labels.slice(0, 1).map(({ code }) => code) : []
    if (one.do === 'choose') {
      const known = this.#questions.get(evaluationId)
      if (known !== undefined && view.name === 'asking' && open === evaluationId)
        known.answer ??= { level: levelNumber(one.level), channel: one.on }
    }
    const action = actionOf(one, evaluationId, labels)
    this.#acts.push(this.#room.pad.act(action, one.do === 'choose' ? one.on : 'pad'))
  }

  /** The power is cut and comes back: only what was on the disk is there. */
  #restart(): void {
    // What was still being written is gone with the program.
    for (const act of this.#acts.splice(0)) act.catch(() => {})
    this.#room.close()
    this.#stage.room = openPadRoom(this.#stage.folder, this.#room.sealingKeys)
    this.#room.pad.recover()
    this.#told = 0
    this.#states.clear()
    this.#shown = null
  }

  #onPage(): string | null {
    const view = this.#room.pad.view()
    return view.name === 'asking' || view.name === 'labels' ? view.evaluationId : null
  }

  #touches(id: string | null): void {
    const known = id === null ? undefined : this.#questions.get(id)
    if (known !== undefined) known.touched = true
  }

  /** After every single move. */
  #holds(): void {
    const { pad, news, troubles } = this.#room
    expect(troubles).toEqual([])
    const now = this.#onPage()
    const before = this.#shown
    if (now !== null && before !== null && now !== before) expect(pad.evaluation(before)).not.toBe('waiting')
    if (now !== null) {
      expect(pad.evaluation(now)).toBe('waiting')
      this.#shown = now
    }
    for (; this.#told < news.length; this.#told += 1) {
      const one = news[this.#told]
      if (one?.type !== 'evaluation') continue
      const states = this.#states.get(one.id) ?? []
      states.push(one.state)
      this.#states.set(one.id, states)
    }
    for (const [id, states] of this.#states) {
      // Asked once, ended once; one that only ever waited for the pad may be taken back unasked.
      expect(states.join(' ')).toMatch(/^(waiting|cancelled|waiting (rated|declined|cancelled))$/)
      const last = states.at(-1)
      if (last !== 'waiting') expect(pad.evaluation(id)).toBe(last)
      if (last === 'cancelled') expect(this.#questions.get(id)?.touched ?? false).toBe(false)
    }
  }

  /** Nobody touches anything any more; then every question has its one outcome, in the chain and for the window. */
  async over(): Promise<void> {
    this.#play({ do: 'desk', paused: false })
    for (let more = true; more; ) {
      vi.advanceTimersByTime(ALL_OVER_MS)
      this.#holds()
      more = this.#room.pad.isAsking()
    }
    const facts = this.#facts()
    const outcomes = new Map<string, string[]>()
    for (const [id, known] of this.#questions) {
      const state = this.#room.pad.evaluation(id)
      expect(state).toMatch(
        known.answer !== null ? /^rated$/ : known.touched ? /^declined$/ : /^(declined|cancelled)$/,
      )
      outcomes.set(known.caseNo, [...(outcomes.get(known.caseNo) ?? []), state ?? ''])
    }
    for (const [caseNo, states] of outcomes) {
      const told = facts.filter(({ data }) => data.case?.caseNo === caseNo)
      const asFacts = told.map(({ type, data }) =>
        type === RATING ? 'rated' : data.outcome === 'cancelled' ? 'cancelled' : 'declined',
      )
      expect(asFacts.toSorted()).toEqual(states.toSorted())
      expect(asFacts.filter((one) => one === 'rated').length).toBeLessThanOrEqual(1)
    }
    for (const { answer, caseNo, staffId } of this.#questions.values()) {
      if (answer === null) continue
      const rating = facts.find(({ type, data }) => type === RATING && data.case?.caseNo === caseNo)
      expect(rating?.data).toMatchObject({ ...answer, staff: { staffId, window: '12' } })
    }
  }

  /** What this play has put into the chain. */
  #facts() {
    return this.#room.db
      .prepare<[number], string>('SELECT text FROM outbox_events WHERE place > ? ORDER BY place')
      .pluck()
      .all(this.#before)
      .map((text) => {
        const { type, data } = Envelope.parse(JSON.parse(text))
        return { type, data: Fact.parse(data) }
      })
  }
}
