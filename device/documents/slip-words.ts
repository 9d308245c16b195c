/** Each kind of slip in words: what it shows by DOMAIN.md §3, in the order in which it is needed. */
import type { Hall } from '../../sync/protocol/content.ts'
import type { TicketPriority } from '../../sync/protocol/queue.ts'
import { openingHours } from './hall-words.ts'
import type { SlipFact, SlipLayout, Words } from './slip-layout.ts'
import { disciplineFact, helpFact, hotlineFact } from './slip-phones.ts'
import type { FeedbackSlip, PickupSlip, ProofSlip, QueueTicket, Slip } from './slips.ts'
import { chineseDate, chineseDateTime, englishDate, englishDateTime } from './words.ts'

export function slipLayout(slip: Slip, hall: Hall): SlipLayout {
  switch (slip.kind) {
    case 'queue-ticket':
      return queueTicket(slip.ticket, hall)
    case 'pickup-slip':
      return pickupSlip(slip.slip, hall)
    case 'feedback-slip':
      return feedbackSlip(slip.slip, hall)
    case 'proof-slip':
      return proofSlip(slip.slip, hall)
  }
}

const PRIORITIES: Record<TicketPriority, Words> = {
  age: { zh: '老年人优先', en: 'Priority: age' },
  disability: { zh: '残疾人优先', en: 'Priority: disability' },
  service: { zh: '军人、退役军人、消防救援人员优先', en: 'Priority: military, veterans, fire and rescue' },
  appointment: { zh: '预约优先', en: 'By appointment' },
  transferred: { zh: '转号', en: 'Transferred' },
  missed: { zh: '过号重排', en: 'Missed, queued again' },
}

function queueTicket(ticket: QueueTicket, hall: Hall): SlipLayout {
  const { priority, waitMinutes: minutes, waiting } = ticket
  const quiet = ticket.quietHours.map(({ from, to }) => `${from}–${to}`).join('、')
  const facts: SlipFact[] = [
    {
      label: { zh: '等候', en: 'Before you' },
      value: {
        zh: `前面还有 ${waiting} 人${minutes === null ? '' : `，约 ${minutes} 分钟`}`,
        en: `${waiting} waiting${minutes === null ? '' : `, about ${minutes} min`}`,
      },
      strong: true,
    },
    { label: { zh: '地点', en: 'Where' }, value: pair(ticket.area, ticket.areaEnglish), strong: true },
    { label: { zh: '取号', en: 'Taken' }, value: instant(ticket.takenAt) },
  ]
  if (quiet !== '') facts.push({ label: { zh: '人少', en: 'Quiet' }, value: { zh: quiet } })
  return {
    language: ticket.language ?? 'zh',
    title: { zh: '排队号', en: 'Queue ticket' },
    hero: { label: { zh: '您的号码', en: 'Your number' }, text: ticket.number },
    subject: [
      pair(ticket.businessType, ticket.businessTypeEnglish),
      ...(priority === null ? [] : [PRIORITIES[priority]]),
    ],
    facts,
    said: null,
    notes: [
      {
        zh: '请留意叫号。过号了，可在自助机上凭此号重取。',
        en: 'Please watch for your number. If you miss it, take it again at a terminal with this ticket.',
      },
    ],
    phones: [helpFact(hall)],
    barcode: ticket.number,
    qr: null,
  }
}

function pickupSlip(slip: PickupSlip, hall: Hall): SlipLayout {
  const window = hall.windows.find((one) =>
    new RegExp(`(?<!\\d)0*${bare(one.window)}号窗口`).test(slip.where),
  )
  // What the hall wrote there itself goes before its general hours.
  const hours = window === undefined || /\d:\d\d/.test(slip.where) ? null : openingHours(hall)
  const facts: SlipFact[] = [
    { label: { zh: '领什么', en: 'What' }, value: { zh: slip.what }, strong: true },
    { label: { zh: '在哪里', en: 'Where' }, value: { zh: slip.where }, strong: true },
  ]
  if (hours !== null) facts.push({ label: { zh: '时间', en: 'Hours' }, value: hours })
  if (window !== undefined) facts.push({ label: { zh: '电话', en: 'Phone' }, value: { zh: window.phone } })
  if (slip.needs !== null)
    facts.push({ label: { zh: '要带', en: 'Bring' }, value: { zh: slip.needs }, strong: true })
  facts.push({
    label: { zh: '有效期', en: 'Valid' },
    value:
      slip.validUntil === null
        ? { zh: '领取之前一直有效', en: 'until it is fetched' }
        : { zh: `到${day(slip.validUntil).zh}为止`, en: `until ${day(slip.validUntil).en}` },
  })
  if (slip.collectedAt !== null)
    facts.push({ label: { zh: '登记', en: 'Recorded' }, value: instant(slip.collectedAt) })
  return {
    language: slip.language ?? 'zh',
    title: { zh: '取件凭条', en: 'Pickup slip' },
    hero: { label: { zh: '取件码', en: 'Pickup code' }, text: slip.code },
    subject: [],
    facts,
    said: null,
    notes: [
      slip.collectedAt === null
        ? {
            zh: '凭此条码领取，只能领一次，请妥善保管。',
            en: 'It is handed over once, by this code. Please keep this slip safe.',
          }
        : {
            zh: '已经登记领取，此条作为凭据。没有拿到的，请马上拨打下面的电话。',
            en: 'Recorded as handed over. If you did not receive it, call the number below at once.',
          },
    ],
    phones: [helpFact(hall)],
    barcode: slip.code,
    qr: null,
  }
}

function bare(window: string): string {
  return window.replace(/^0+(?=.)/, '').replace(/[^0-9A-Za-z]/g, '\\$&')
}

const FEEDBACK_TITLES: Record<FeedbackSlip['kind'], Words> = {
  report: { zh: '“办不成事”反映凭条', en: 'Unresolved matter' },
  complaint: { zh: '投诉凭条', en: 'Complaint' },
  request: { zh: '咨询求助凭条', en: 'Question or help' },
}

/** DOMAIN.md §3.2: what becomes of it after the answer. */
const FEEDBACK_AFTER: Record<FeedbackSlip['kind'], Words> = {
  report: {
    zh: '办结后1个工作日内回访，问您满意不满意。',
    en: 'Within 1 working day after it is closed you are called back and asked whether you are satisfied.',
  },
  complaint: {
    zh: '投诉内容只给投诉处理人看，被投诉的窗口看不到。到期办不完的，会告诉您原因。',
    en: 'Only the complaint handler reads it, never the window concerned. You are told why if it takes longer.',
  },
  request: {
    zh: '接手的人负责到底，不用您再找别人。',
    en: 'Whoever takes it sees it through; you need not ask anybody else.',
  },
}

function feedbackSlip(slip: FeedbackSlip, hall: Hall): SlipLayout {
  const due = day(slip.answerBy)
  const facts: SlipFact[] = [
    {
      label: { zh: '答复日', en: 'Answer by' },
      value: { zh: `${due.zh}前（${slip.answerIn}）`, en: due.en },
      strong: true,
    },
    { label: { zh: '轮到谁', en: 'Whose turn' }, value: { zh: slip.turn } },
    { label: { zh: '时间', en: 'Kept at' }, value: instant(slip.keptAt) },
  ]
  if (slip.named !== null)
    facts.push({
      label: { zh: '署名', en: 'Named' },
      value: slip.named
        ? { zh: '署名', en: 'yes 署名', alone: true }
        : { zh: '匿名', en: 'anonymous 匿名', alone: true },
    })
  return {
    language: slip.language ?? 'zh',
    title: FEEDBACK_TITLES[slip.kind],
    hero: { label: { zh: '凭此编号询问', en: 'Ask by this code' }, text: spaced(slip.code) },
    subject: [],
    facts,
    said: {
      title: { zh: '您说的是', en: 'What you told us' },
      facts: slip.said.map(({ label, text }) => ({ label: { zh: label }, value: { zh: text } })),
      words: slip.words === '' ? null : slip.words,
    },
    notes: [
      ...(slip.provisional
        ? [
            {
              zh: '明年的放假安排还没有公布，答复日可能顺延，以公布的为准。',
              en: 'The holidays of next year are not published yet: the day of the answer may move.',
            },
          ]
        : []),
      FEEDBACK_AFTER[slip.kind],
    ],
    phones: [helpFact(hall), hotlineFact(), disciplineFact(hall)],
    barcode: slip.code,
    qr: null,
  }
}

/** Crockford's characters are read aloud in fours. */
function spaced(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

function proofSlip(slip: ProofSlip, hall: Hall): SlipLayout {
  const { address } = slip
  return {
    language: slip.language ?? 'zh',
    title: { zh: '证明验证凭条', en: 'How to verify' },
    hero: { label: { zh: '验证码', en: 'Verification code' }, text: slip.verificationCode },
    subject: [pair(slip.title, slip.titleEnglish)],
    facts: [
      { label: { zh: '出具', en: 'Issuer' }, value: pair(slip.issuer, slip.issuerEnglish), strong: true },
      { label: { zh: '时间', en: 'Issued' }, value: instant(slip.issuedAt) },
      {
        label: { zh: '页数', en: 'Pages' },
        value: { zh: `${slip.pages} 页`, en: String(slip.pages), alone: true },
      },
      ...(address === null ? [] : [{ label: { zh: '网址', en: 'Address' }, value: { zh: address } }]),
    ],
    said: null,
    notes: [
      address === null
        ? {
            zh: '收证明的人可以凭验证码向出具单位核对真伪。',
            en: 'Whoever receives the proof can have it checked by its issuer with this code.',
          }
        : {
            zh: '收证明的人扫二维码，或者在出具单位的网址输入验证码，就能核对真伪。',
            en: 'Scan the QR code, or enter the code at the address of the issuer, to see whether the proof is genuine.',
          },
    ],
    phones: [helpFact(hall)],
    barcode: null,
    qr: address === null ? null : { value: address, caption: { zh: '扫码验真伪', en: 'Scan to verify' } },
  }
}

function pair(zh: string, en: string | undefined): Words {
  return en === undefined ? { zh } : { zh, en }
}

function instant(text: string): Words {
  const at = new Date(text)
  return { zh: chineseDateTime(at), en: englishDateTime(at), alone: true }
}

function day(date: string): Words & { en: string } {
  // Noon at the hall, whatever the machine's zone.
  const at = new Date(`${date}T12:00:00+08:00`)
  return { zh: chineseDate(at), en: englishDate(at) }
}
