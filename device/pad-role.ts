/** A pad: the rating room, and the preferences of whoever stands before it. */
import type { Keypad } from '../drivers/keypad/driver.ts'
import { Personal } from '../drivers/personal.ts'
import type { HallClient } from '../sync/hall-client.ts'
import type { PadAction, PadState, Preferences } from './http/contract.ts'
import { PadAction as PadActionSchema } from './http/contract.ts'
import { mediaAddress } from './http/media.ts'
import type { ActAnswer } from './http/screen.ts'
import { withWishes } from './preferences.ts'
import { HallQuestionStore } from './rating/hall-question-store.ts'
import { type HallQuestions, hallQuestions } from './rating/hall-questions.ts'
import { answersByKeypad } from './rating/keypad-answers.ts'
import { Pad } from './rating/pad.ts'
import type { WindowNews } from './rating/pad-types.ts'
import { QuestionStore } from './rating/question-store.ts'
import { sealForRating } from './rating/sealing.ts'
import type { House, Role } from './role.ts'

/** A wish at rest, such as another language, belongs to somebody who has left by then. */
const WISH_WITHOUT_TOUCH_MS = 60_000

export interface PadRole extends Role {
  readonly pad: Pad
  /** Left open by a stop of the program, and not ended yet. */
  isLeftOver(id: string): boolean
}

export interface PadParts {
  onNews: (news: WindowNews) => void
  keypad: Keypad | null
}

export const createPadRole = (house: House, { onNews, keypad }: PadParts): PadRole => {
  const { identity, outbox, content, onTrouble } = house
  const questions = new QuestionStore(house.db, outbox.append)
  let preferences: Preferences = { ...house.settings().preferences }
  /** Somebody's wishes stand; otherwise what each new person begins with does. */
  let wished = false
  let wishes: NodeJS.Timeout | undefined

  const forgetWishes = (): void => {
    clearTimeout(wishes)
    wished = false
    preferences = { ...house.settings().preferences }
  }
  const pad = new Pad({
    store: questions,
    sealText: (text) => sealForRating(identity, { text: new Personal(text) }),
    dictionaries: content.dictionaries,
    hasPanel: house.configuration.screen.hasPanel,
    clock: house.clock,
    onPage: () => {
      keys?.follow()
      house.onChange()
    },
    onNews,
    onLeft: forgetWishes,
    onTrouble,
  })
  const keys = keypad === null ? null : answersByKeypad(keypad, pad, onTrouble)

  const act = async (action: PadAction): Promise<ActAnswer> => {
    switch (action.type) {
      case 'touch':
        pad.touch()
        return { ok: true }
      case 'prefer':
        pad.touch()
        preferences = withWishes(preferences, action.preferences)
        wished = true
        clearTimeout(wishes)
        wishes = setTimeout(() => {
          if (pad.isAsking()) return
          forgetWishes()
          house.onChange()
        }, WISH_WITHOUT_TOUCH_MS)
        house.onChange()
        return { ok: true }
      default:
        return await pad.act(action)
    }
  }

  return {
    pad,
    isLeftOver: (id) => questions.leftOver().some((question) => question.id === id),
    state: (surroundings): PadState => ({
      ...surroundings,
      role: 'pad',
      preferences,
      view: identity.deviceId === null ? { name: 'not-enrolled' } : wholeView(),
      staff: staffShown(),
    }),
    act: (action) => act(PadActionSchema.parse(action)),
    peripheral: () => {},
    isBusy: () => pad.isAsking(),
    worldChanged() {
      if (!wished && !pad.isAsking()) forgetWishes()
    },
    enrolled() {
      pad.recover()
    },
    forgetOld: (now) => questions.forgetOldOutcomes(now),
    close() {
      clearTimeout(wishes)
      keys?.close()
      pad.close()
    },
  }

  function wholeView(): PadState['view'] {
    const view = pad.view()
    switch (view.name) {
      case 'rest':
        return { ...view, notices: house.settings().showNotices ? content.notices(new Date()) : [] }
      case 'asking':
        return { ...view, voice: keys?.asksAloud() ? 'keypad' : 'page' }
      default:
        return view
    }
  }

  function staffShown(): PadState['staff'] {
    const { staffId } = pad.desk()
    const staff = staffId === null ? null : content.staff(staffId)
    if (staff === null) return null
    const photo = content.photo(staff.staffId)
    return { ...staff, photo: photo === null ? null : mediaAddress(photo) }
  }
}

/** What comes to this pad by the hall's line. */
export const questionsFromHall = (
  { configuration, db, onTrouble }: House,
  { pad, isLeftOver }: PadRole,
  client: HallClient,
): HallQuestions =>
  hallQuestions({
    pad,
    store: new HallQuestionStore(db),
    isLeftOver,
    answer: client.answerEvaluation,
    window: configuration.device.window ?? '',
    onTrouble,
  })
