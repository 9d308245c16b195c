/** Enrolment, status, settings and the line that a device keeps open (PROTOCOLS.md §1.1, §1.4, §1.5). */
import {
  EnrolmentAnswer,
  EnrolmentRequest,
  StatusAnswer,
  StatusReport,
  TimeAnswer,
} from '../../../protocol/devices.ts'
import { DeviceSettings } from '../../../protocol/settings.ts'
import { TechnicianCodeAnswer, TechnicianCodeRequest } from '../../../protocol/technician-reset.ts'
import type { RouteSchema } from './route-schema.ts'

const id = 'the deviceId; it is the keyid of the signature as well'

export const deviceRoutes: readonly RouteSchema[] = [
  {
    method: 'get',
    path: '/v1/time',
    summary: 'The clock of the hall server',
    description: 'Open to anybody: what a device with a clock at 1970 asks before it can sign.',
    asked: 'by-anybody',
    answers: { 200: { description: 'the time', body: { schema: TimeAnswer } } },
  },
  {
    method: 'post',
    path: '/v1/devices',
    summary: 'Enrol a device with a technician’s code',
    description: 'The same code and key again get the same answer, so that a lost answer costs nothing.',
    asked: 'by-new-device',
    body: { schema: EnrolmentRequest },
    answers: { 201: { description: 'enrolled', body: { schema: EnrolmentAnswer } } },
    problems: ['too-many-tries', 'enrolment-code-bad', 'revoked'],
  },
  {
    method: 'put',
    path: '/v1/devices/:id/status',
    summary: 'How a device is, every minute and at each change',
    asked: 'by-device',
    parameters: { id },
    body: { schema: StatusReport },
    answers: { 200: { description: 'what this device should have', body: { schema: StatusAnswer } } },
  },
  {
    method: 'get',
    path: '/v1/devices/:id/settings',
    summary: 'Settings from afar, by the allow-list',
    asked: 'by-device',
    parameters: { id },
    answers: {
      200: {
        description: 'the settings of this device',
        body: { schema: DeviceSettings },
        headers: { ETag: 'their version' },
      },
      304: { description: 'unchanged since If-None-Match' },
    },
  },
  {
    method: 'post',
    path: '/v1/devices/:id/technician-code',
    summary: 'Whether a technician who has lost the PIN may choose a new one at this device',
    description: 'A code of `window24 hall technician`: good at one device, once, within 24 hours.',
    asked: 'by-device',
    parameters: { id },
    body: { schema: TechnicianCodeRequest },
    answers: { 200: { description: 'it was good, and is no more', body: { schema: TechnicianCodeAnswer } } },
    problems: ['too-many-tries', 'technician-code-bad'],
  },
  {
    method: 'get',
    path: '/v1/devices/:id/events',
    summary: 'Server-Sent Events that a device keeps open',
    description:
      'A comment every 15 s; the full state on connecting. `content` and `settings` carry `{version}`, `queue` what the windows serve, `evaluation` an `EvaluationNotice` and `evaluation-cancelled` an `EvaluationCancelled`, both answered under `/v1/devices/{id}/evaluations`.',
    asked: 'by-device',
    parameters: { id },
    answers: {
      200: { description: 'a stream without end', body: { mediaType: 'text/event-stream', schema: null } },
    },
  },
]
