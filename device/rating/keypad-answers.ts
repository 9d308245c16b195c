/** The keypad beside a pad: it asks as long as the page does, and a key is the citizen's touch (DOMAIN.md §2). */
import type { Keypad } from '../../drivers/keypad/driver.ts'
import { levelName } from '../../sync/protocol/levels.ts'
import type { Pad } from './pad.ts'

export interface KeypadAnswers {
  /** The pad's page may be another than before. */
  follow(): void
  /** The unit stood ready when the question was put to it: its own lamp and voice ask. */
  asksAloud(): boolean
  close(): void
}

export const answersByKeypad = (
  keypad: Pick<Keypad, 'levels' | 'status' | 'onKey' | 'startRating' | 'acknowledge' | 'stopRating'>,
  pad: Pad,
  onTrouble: (error: unknown) => void,
): KeypadAnswers => {
  /** The question that the keypad asks. */
  let asked: string | null = null
  let aloud = false
  let answering = false

  const follow = (): void => {
    if (answering) return
    const view = pad.view()
    const asking = view.name === 'asking' ? view.evaluationId : null
    if (asking === asked) return
    asked = asking
    if (asking === null) keypad.stopRating()
    else {
      aloud = keypad.status().state === 'ready'
      keypad.startRating()
    }
  }

  const answer = async (key: number): Promise<void> => {
    const level = keypad.levels[key]
    if (asked === null || level === undefined) return
    const evaluationId = asked
    asked = null
    answering = true
    try {
      const kept = await pad.act({ type: 'choose-level', evaluationId, level: levelName(level) }, 'keypad')
      if (kept.ok) keypad.acknowledge()
    } catch (error) {
      // Not written, so nobody is thanked; the question is still open and is asked again below.
      onTrouble(error)
    } finally {
      answering = false
    }
    follow()
  }
  return { follow, asksAloud: () => aloud, close: keypad.onKey((key) => void answer(key)) }
}
