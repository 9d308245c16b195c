import type { FeedbackGround, FeedbackKind } from '../../device/http/contract.ts'
import {
  badgeAlert,
  calendarClock,
  circleHelp,
  circleX,
  fileX,
  footprints,
  frown,
  gavel,
  handCoins,
  heartHandshake,
  hourglass,
  house,
  listX,
  messageCircleWarning,
  scale,
  stamp,
} from '../shared/icons.ts'

/** Which picture stands for what citizens leave. Beside a word always, never instead of it. */
export const feedbackIcons: Record<FeedbackKind, string> = {
  report: circleX,
  complaint: messageCircleWarning,
  request: heartHandshake,
}

export const groundIcons: Record<FeedbackGround, string> = {
  'not-accepted': fileX,
  'not-approved': stamp,
  'again-and-again': footprints,
  attitude: frown,
  'over-time': hourglass,
  procedure: listX,
  rules: scale,
  handling: badgeAlert,
  favours: handCoins,
  quality: frown,
  question: circleHelp,
  agent: heartHandshake,
  'home-visit': house,
  appointment: calendarClock,
}

export const lawIcon = gavel
