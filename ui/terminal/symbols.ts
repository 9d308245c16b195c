import type { CaseState, LifeEvent, Service } from '../../device/http/contract.ts'
import {
  baby,
  barcode,
  briefcase,
  circleAlert,
  circleCheck,
  clock,
  fileText,
  flower,
  graduationCap,
  heart,
  heartHandshake,
  hourglass,
  house,
  inbox,
  mapPin,
  messageSquare,
  packageCheck,
  plane,
  printer,
  receiptYuan,
  stethoscope,
  store,
  sunset,
  ticket,
  undo,
} from '../shared/icons.ts'

/** Which picture stands for what. Beside a word always, never instead of it. */

export const serviceIcons: Record<Service, string> = {
  guides: fileText,
  'my-papers': printer,
  pickup: barcode,
  progress: clock,
  ticket,
  feedback: messageSquare,
}

export const lifeEventIcons: Record<LifeEvent, string> = {
  birth: baby,
  education: graduationCap,
  work: briefcase,
  marriage: heart,
  home: house,
  business: store,
  tax: receiptYuan,
  health: stethoscope,
  moving: mapPin,
  travel: plane,
  retirement: sunset,
  support: heartHandshake,
  farewell: flower,
}

/** `act`: the citizen has something to do; `wait`: the hall has; `closed`: nobody. */
export type CaseTone = 'ready' | 'act' | 'wait' | 'closed'

export const caseTones: Record<CaseState, CaseTone> = {
  received: 'wait',
  supplement: 'act',
  accepted: 'wait',
  'in-review': 'wait',
  'special-procedure': 'wait',
  returned: 'act',
  'not-accepted': 'act',
  approved: 'wait',
  refused: 'act',
  ready: 'ready',
  collected: 'closed',
  withdrawn: 'closed',
}

export const caseIcons: Record<CaseState, string> = {
  received: inbox,
  supplement: circleAlert,
  accepted: circleCheck,
  'in-review': hourglass,
  'special-procedure': hourglass,
  returned: undo,
  'not-accepted': circleAlert,
  approved: circleCheck,
  refused: circleAlert,
  ready: packageCheck,
  collected: circleCheck,
  withdrawn: undo,
}
