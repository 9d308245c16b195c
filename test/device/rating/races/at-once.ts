/**
 * A whole pad with its keypad, at a real hall, whose citizen, clerk and keys all speak in the same moment: by real
 * requests and over the keypad's wire.
 */
import fc from 'fast-check'
import type { PadAction, PadState } from '../../../../device/http/contract.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../../../drivers/simulators/keypad.ts'
import { startHall } from '../../../../sync/hall/hall.ts'
import { LEVELS, type LevelName } from '../../../../sync/protocol/levels.ts'
import { until } from '../../../drivers/support.ts'
import { eventsIn } from '../../../faults/line/pair.ts'
import { letThanksBeBrief } from '../../support/brief-thanks.ts'
import { startTestDevice, temporaryFolder, windowRequest } from '../../support/house.ts'
import { bodyOf, openPad, type TestScreen } from '../../support/screen.ts'
import { SILENT } from '../../support/silent.ts'

export type AtOnce =
  | { who: 'clerk'; does: 'ask' | 'ask-again' | 'replace' | 'cancel' | 'pause' | 'open' | 'staff' }
  | { who: 'citizen'; does: 'touch' | 'not-now' | 'finish' }
  | { who: 'citizen'; does: 'choose'; level: LevelName }
  /** One finger, or a palm. */
  | { who: 'keys'; does: readonly number[] }

const FIRST_KEYS = [0, 1, 2, 3, 4]

export const anyAtOnce: fc.Arbitrary<AtOnce> = fc.oneof(
  fc.record({
    who: fc.constant('clerk' as const),
    does: fc.constantFrom(
      'ask' as const,
      'ask-again' as const,
      'replace' as const,
      'cancel' as const,
      'pause' as const,
      'open' as const,
      'staff' as const,
    ),
  }),
  fc.record({
    who: fc.constant('citizen' as const),
    does: fc.constantFrom('touch' as const, 'not-now' as const, 'finish' as const),
  }),
  fc.record({
    who: fc.constant('citizen' as const),
    does: fc.constant('choose' as const),
    level: fc.constantFrom(...LEVELS),
  }),
  fc.record({
    who: fc.constant('keys' as const),
    does: fc.oneof(
      fc.constantFrom(...FIRST_KEYS).map((key) => [key]),
      fc.constant(FIRST_KEYS),
    ),
  }),
)

/** What the window was told, and what the hall has of it: the outcome of each question that was asked of one case. */
export interface Outcomes {
  told: string[]
  stored: string[]
}

export interface BusyPad {
  screen: TestScreen<PadState>
  unit: KeypadSimulator
  /** Begins with a question that the citizen sees and the keypad asks; then all of it at once. */
  round(all: readonly AtOnce[]): Promise<void>
  /** Everything that was asked, by case, once the hall has it all. */
  outcomes(): Promise<Map<string, Outcomes>>
}

export async function openBusyPad(parts: AsyncDisposableStack): Promise<BusyPad> {
  parts.defer(letThanksBeBrief())
  const hallFolder = await temporaryFolder(parts)
  const hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
  parts.defer(() => hall.close())
  const unit = await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0' })
  parts.defer(() => unit.close())
  const device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: { keypad: { driver: 'ff68', port: unit.port } },
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ view, hall: known, peripherals }) =>
      view.name === 'rest' && known !== null && peripherals.keypad?.state === 'ready',
  )

  const questions = new Map<string, string>()
  let cases = 0
  const window = (method: string, path: string, body?: object) => windowRequest(device, method, path, body)
  const now = async (): Promise<PadState> =>
    (await (await fetch(new URL('/api/state', device.screenUrl))).json()) as PadState
  const stateOf = async (id: string) => (await bodyOf(await window('GET', `/evaluations/${id}`))).state

  const ask = async (number: number, replace: boolean): Promise<string | null> => {
    const caseNo = `CASE${number}`
    const about = { caseNo, itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领', replace }
    const answer = await window('POST', '/evaluations', about)
    const { id } = await bodyOf(answer)
    if (answer.status === 201) questions.set(String(id), caseNo)
    return answer.status === 409 ? null : String(id)
  }
  const act = (action: PadAction) => screen.act(action)

  /** Ends whatever is open as somebody would who wants nothing, and waits for rest. */
  const rest = async (): Promise<void> => {
    for (;;) {
      await window('PUT', '/service', { state: 'open' })
      const { view } = await now()
      if (view.name === 'asking') await act({ type: 'not-now', evaluationId: view.evaluationId })
      else if (view.name === 'labels')
        await act({ type: 'finish', evaluationId: view.evaluationId, labels: [], comment: null })
      else if (view.name === 'rest' || view.name === 'already-rated') {
        const states = await Promise.all([...questions.keys()].slice(-6).map(stateOf))
        if (!states.includes('waiting')) return
      }
    }
  }

  return {
    screen,
    unit,
    async round(all) {
      cases += 1
      const [first, starts] = [cases, unit.starts()]
      const id = await ask(first, false)
      if (id === null) throw new Error('a pad at rest is busy')
      await screen.until(({ view }) => view.name === 'asking' && view.evaluationId === id)
      await until('the unit asks', () => unit.starts() > starts)
      const play = async (one: AtOnce): Promise<unknown> => {
        switch (one.does) {
          case 'ask':
          case 'replace':
            cases += 1
            return await ask(cases, one.does === 'replace')
          case 'ask-again':
            return await ask(first, false)
          case 'cancel':
            return await window('DELETE', `/evaluations/${id}`)
          case 'pause':
          case 'open':
            return await window('PUT', '/service', { state: one.does === 'pause' ? 'paused' : 'open' })
          case 'staff':
            return await window('DELETE', '/staff')
          case 'touch':
            return await act({ type: 'touch' })
          case 'not-now':
            return await act({ type: 'not-now', evaluationId: id })
          case 'finish':
            return await act({ type: 'finish', evaluationId: id, labels: [], comment: null })
          case 'choose':
            return await act({ type: 'choose-level', evaluationId: id, level: one.level })
          default:
            return unit.pressTogether(one.does)
        }
      }
      await Promise.all(all.map(play))
      await rest()
    },
    async outcomes() {
      await screen.until(({ line }) => line.backlog === 0)
      const deviceId = screen.state().device.id ?? ''
      const byCase = new Map<string, Outcomes>()
      const of = (caseNo: string): Outcomes => {
        const known = byCase.get(caseNo) ?? { told: [], stored: [] }
        byCase.set(caseNo, known)
        return known
      }
      for (const [id, caseNo] of questions) of(caseNo).told.push(String(await stateOf(id)))
      for (const { text } of await eventsIn(hallFolder, deviceId)) {
        const { type, data }: { type: string; data: { case?: { caseNo: string }; outcome?: string } } =
          JSON.parse(text)
        if (data.case === undefined) continue
        const declined = data.outcome === 'cancelled' ? 'cancelled' : 'declined'
        of(data.case.caseNo).stored.push(type === 'cn.window24.rating.v1' ? 'rated' : declined)
      }
      return byCase
    },
  }
}
