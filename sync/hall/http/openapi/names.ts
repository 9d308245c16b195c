/** What the schemas of the interface are called in its description. One that is not named here stands where it is used. */
import { z } from 'zod'
import { BatchAnswer, ForkDetails } from '../../../protocol/batch.ts'
import {
  Case,
  CaseDocument,
  CaseSearchAnswer,
  CaseSearchRequest,
  PaperForm,
} from '../../../protocol/cases.ts'
import { ContentManifest } from '../../../protocol/content.ts'
import {
  EnrolmentAnswer,
  EnrolmentRequest,
  StatusAnswer,
  StatusReport,
  TimeAnswer,
} from '../../../protocol/devices.ts'
import {
  EvaluationAnswer,
  EvaluationCancelled,
  EvaluationNotice,
  EvaluationStateAnswer,
  HallEvaluationRequest,
  PadAnswer,
} from '../../../protocol/evaluations.ts'
import { Envelope, eventData } from '../../../protocol/events.ts'
import { Head } from '../../../protocol/identifiers.ts'
import { SealingKey, SigningKey } from '../../../protocol/keys.ts'
import { Problem } from '../../../protocol/problem.ts'
import { SealedUser } from '../../../protocol/sealing.ts'
import { DeviceSettings } from '../../../protocol/settings.ts'
import { TechnicianCodeAnswer, TechnicianCodeRequest } from '../../../protocol/technician-reset.ts'

const named: Readonly<Record<string, z.ZodType>> = {
  BatchAnswer,
  Case,
  CaseDocument,
  CaseSearchAnswer,
  CaseSearchRequest,
  ContentManifest,
  DeviceSettings,
  EnrolmentAnswer,
  EnrolmentRequest,
  EvaluationAnswer,
  EvaluationCancelled,
  EvaluationNotice,
  EvaluationRequest: HallEvaluationRequest,
  EvaluationStateAnswer,
  Event: Envelope,
  ForkDetails,
  Head,
  PadAnswer,
  PaperForm,
  Problem,
  SealedUser,
  SealingKey,
  SigningKey,
  StatusAnswer,
  StatusReport,
  TechnicianCodeAnswer,
  TechnicianCodeRequest,
  TimeAnswer,
}

/** `rating-declined` → `EventRatingDeclined`: what `data` of such an event holds. */
function dataName(type: string): string {
  return `Event${type.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
}

const dataNames = Object.fromEntries(
  Object.entries(eventData).map(([type, schema]) => [dataName(type), schema]),
)

export const schemaNames = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries({ ...named, ...dataNames })) schemaNames.add(schema, { id })

/** Schemas that no route names by itself, and that a reader needs all the same. */
export const alsoDescribed: readonly z.ZodType[] = [
  Problem,
  ForkDetails,
  EvaluationNotice,
  EvaluationCancelled,
  ...Object.values(eventData),
]
