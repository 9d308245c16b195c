import type {
  Awaited,
  CaseState,
  DeadEnd,
  LifeEvent,
  Service,
  Unavailable,
} from '../../../device/http/contract.ts'
import { caseWordsZh } from './case-zh.ts'
import { feedbackWordsZh } from './feedback-zh.ts'
import { guideWordsZh } from './guide-zh.ts'
import { paperWordsZh } from './paper-zh.ts'
import { pickupWordsZh } from './pickup-zh.ts'
import { printWordsZh } from './print-zh.ts'
import { ratingWordsZh } from './rating-zh.ts'
import { ticketWordsZh } from './ticket-zh.ts'

/** Every word of the terminal. English has the same keys: a missing one does not compile. */
export const zh = {
  // Everywhere
  back: '返回',
  end: '结束',
  backHome: '办别的事',
  needHelp: '需要人工帮助',
  understood: '知道了',
  windowsOf: (windows: string) => `${windows} 号窗口`,
  windowHours: '窗口时间',
  phone: '电话',

  // Rest
  nightGreeting: ['窗口下班了，', '这里还亮着'],
  dayGreeting: ['您好，', '这里都能自己办'],
  touchToBegin: '轻触屏幕开始',
  cardOrCode: '放上身份证，或扫回执条码',
  cardOnly: '放上身份证，也可以直接办',
  codeOnly: '扫回执条码，也可以直接办',

  // Not enrolled
  notEnrolled: '尚未启用',
  notEnrolledHint: '这台机器还没有接入大厅，暂时不能办事。',
  notEnrolledWhat: '请使用旁边的机器，或到人工窗口办理。',
  notEnrolledCall: '政务服务便民热线',

  // Home
  services: {
    guides: { name: '办事指南', hint: '查条件、材料，打印带走' },
    'my-papers': { name: '我的材料', hint: '刷身份证，打印回执通知' },
    pickup: { name: '凭条取件', hint: '扫回执条码，看哪里领取' },
    progress: { name: '进度查询', hint: '办到哪一步，哪天能好' },
    ticket: { name: '取号', hint: '领取排队号' },
    feedback: { name: '反映与评价', hint: '没办成、想评价，都在这里' },
  } satisfies Record<Service, { name: string; hint: string }>,
  unavailable: {
    'line-down': '网络中断，正在恢复',
    'reader-down': '读卡器暂时不能用',
    'scanner-down': '扫码器暂时不能用',
    'no-content': '指南正在更新',
    'not-offered': '请到人工窗口办理',
  } satisfies Record<Unavailable, string>,
  unavailableWhy: {
    'line-down': '机器和大厅之间的网络断了，办件查不到。网络一恢复，这里就会重新亮起来。',
    'reader-down': '读卡器没有回应，身份证暂时读不了。',
    'scanner-down': '扫码器没有回应，条码暂时扫不了。',
    'no-content': '大厅的办事指南还没有送到这台机器，一般几分钟就好。',
    'not-offered': '这台机器不办这项服务，窗口的工作人员可以帮您。',
  } satisfies Record<Unavailable, string>,
  listSeparator: '、',
  stillWorks: (services: string) => `现在还能用：${services}`,
  whereInstead: '可以到这里办',

  // Waiting for card or code
  present: {
    'my-papers': '请放上身份证',
    pickup: '请出示取件凭证',
    progress: '请出示回执或身份证',
  },
  presentHint: {
    'my-papers': '读到以后，就显示您的材料',
    pickup: '凭收件回执或身份证，查在哪里领取',
    progress: '凭收件回执或身份证，查办到哪一步',
  },
  presentCard: '身份证平放在读卡区',
  presentCode: '回执条码对准扫码窗',
  presentNothing: {
    'my-papers': '读卡器暂时不能用，身份证读不了。请到人工窗口查询；有回执的，可以回首页扫回执。',
    pickup: '读卡器和扫码器暂时都不能用，请到人工窗口查询。',
    progress: '读卡器和扫码器暂时都不能用，请到人工窗口查询。',
  },
  waitingFor: { card: '正在等身份证', code: '正在等条码', both: '正在等身份证或条码', none: '' },
  problem: {
    'unreadable-card': '这张卡没有读出来。请拿起来，再平放一次；必须是居民身份证。',
    'card-number-wrong': '这张证件上的号码读出来不对。请擦干净再平放一次；还是这样，请带证件到窗口核对。',
    'code-too-long': '这个码太长，不是回执上的条码。请扫回执下方的条码。',
    'code-not-text': '这个码认不出来。请把条码展平，再扫一次。',
  },
  lookingUp: '正在查询',
  lookingUpHint: { card: '身份证已经读好，可以收起来了', code: '条码已经读好，可以收起来了' },
  lookingUpFor: '正在向大厅查您的办件',

  awaited: {
    proof: { title: '正在开具', text: '正在请出证单位开具证明' },
    document: { title: '正在取文件', text: '正在从大厅取您的文件' },
    pickup: { title: '正在登记', text: '正在向大厅登记取件' },
    queue: { title: '正在查询', text: '正在看各类业务有多少人在等' },
    ticket: { title: '正在取号', text: '正在向大厅领取排队号' },
    case: { title: '正在查询', text: '正在向大厅查您要评价的事' },
    keeping: { title: '正在保存', text: '正在把您说的话写进这台机器' },
  } satisfies Record<Awaited, { title: string; text: string }>,

  // Dead ends
  deadEnds: {
    'case-not-found': { title: '没有查到这件事', text: '这个条码不是本大厅的办件。请看看是不是别处的回执。' },
    'no-cases': { title: '没有查到您的办件', text: '这张身份证名下，本大厅现在没有正在办或可以取的事。' },
    'line-down': {
      title: '现在连不上大厅',
      text: '网络断了，这件事要等网络恢复才能办。办事指南不用网络，照样可以看、可以打印。',
    },
    'hall-trouble': { title: '大厅的系统出了故障', text: '已经连上大厅，但没有得到答复。请过几分钟再试。' },
    'too-many-searches': {
      title: '查询次数太多了',
      text: '为了保护大家的信息，这台机器一小时内的查询有限。请过一会儿再来，或到窗口查询。',
    },
  } satisfies Record<DeadEnd, { title: string; text: string }>,

  // Idle and end
  idleTitle: '您还在吗？',
  idleText: (seconds: number) => `${seconds} 秒后，页面会自动结束并清除`,
  stillHere: '还要用',
  ending: '请带好您的东西',
  endingCard: '身份证还在读卡区，请取走',
  endingPaper: '打印的材料，请从出纸口取走',
  endingCleared: '您的信息已经从这台机器清除',

  // Guides
  guidesOf: (count: number) => `共 ${count} 份指南，可以看，也可以打印带走`,
  lifeEvents: {
    birth: '出生',
    education: '入学',
    work: '就业',
    marriage: '婚姻',
    home: '住房',
    business: '开办企业',
    tax: '办税',
    health: '医疗',
    moving: '户口与居住',
    travel: '出行证照',
    retirement: '退休',
    support: '扶助',
    farewell: '身后事',
  } satisfies Record<LifeEvent, string>,
  count: (count: number) => `${count} 项`,
  noGuides: '这一类现在没有指南，请看看别的类，或到窗口询问。',

  guide: guideWordsZh,
  case: caseWordsZh,
  print: printWordsZh,
  paper: paperWordsZh,
  pickup: pickupWordsZh,
  ticket: ticketWordsZh,
  rating: ratingWordsZh,
  feedback: feedbackWordsZh,

  // Papers
  hello: (name: string) => `${name}，您好`,
  casesInAll: (count: number) => `您名下共有 ${count} 件事`,
  casesToFetch: (count: number) => `${count} 件可以取`,
  casesToSupplement: (count: number) => `${count} 件要补材料`,
  noCases: '这里没有您的办件',
  listOfCases: '我的办件',
  caseState: {
    received: '已收件，等待受理',
    supplement: '要补材料',
    accepted: '已受理',
    'in-review': '审查中',
    'special-procedure': '特别程序中',
    returned: '已退回',
    'not-accepted': '不予受理',
    approved: '已批准，正在出结果',
    refused: '不予许可',
    ready: '办好了，可以取',
    collected: '已取走',
    withdrawn: '已撤回',
  } satisfies Record<CaseState, string>,
}

export type Words = typeof zh
