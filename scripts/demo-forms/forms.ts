/** What the demonstration hall's blank forms ask. Invented by this project, after what such forms ask everywhere. */
import type { FormSheet } from './sheet.ts'

export interface DemoForm {
  /** Of the files. */
  name: string
  titleEnglish: string
  itemCodes: readonly string[]
  sheet: FormSheet
}

const PERSON = [
  [
    { ask: '姓名', share: 2 },
    { ask: '性别', ticks: ['男', '女'], share: 1.4 },
    { ask: '民族', share: 1.2 },
  ],
  [{ ask: '公民身份号码' }],
  [{ ask: '户口所在地' }],
  [{ ask: '现在住址' }],
  [{ ask: '联系电话' }, { ask: '其他联系人和电话' }],
] as const

const HOUSING_FUND = '市住房公积金管理中心云溪分中心'
const POLICE = '云溪区公安分局'
const CIVIL_AFFAIRS = '云溪区民政局'

export const demoForms: readonly DemoForm[] = [
  {
    name: 'id-card-registration',
    titleEnglish: 'Registration for a resident identity card',
    itemCodes: [
      '11330099MB0A00010R3000101001000',
      '11330099MB0A00010R3000101002000',
      '11330099MB0A00010R3000101003000',
    ],
    sheet: {
      title: '居民身份证申领登记表',
      office: POLICE,
      number: '公户表 01',
      blocks: [
        {
          kind: 'rows',
          title: '一、办什么',
          rows: [
            [{ ask: '事由', ticks: ['首次申领', '有效期满换领', '损坏换领', '内容变更换领', '丢失补领'] }],
          ],
        },
        {
          kind: 'rows',
          title: '二、申领人',
          rows: [...PERSON, [{ ask: '出生日期' }, { ask: '原证有效期至' }]],
        },
        {
          kind: 'rows',
          title: '三、监护人代办的填写（未满十六周岁）',
          rows: [[{ ask: '监护人姓名' }, { ask: '关系' }], [{ ask: '监护人公民身份号码' }]],
        },
        {
          kind: 'rows',
          title: '四、怎样领证',
          rows: [
            [
              { ask: '领取', ticks: ['窗口领取', '邮寄到上面的住址'] },
              { ask: '加急', ticks: ['是', '否'] },
            ],
          ],
        },
        {
          kind: 'words',
          title: '五、申领人声明',
          words: [
            '以上内容是真实的。登记的指纹和相片只用于制作居民身份证。丢失补领的，原证自登记之时起失效；找回原证的，我会交回公安机关。',
          ],
        },
        { kind: 'signature', who: ['申领人（监护人）签名：', '受理民警签名：'] },
        {
          kind: 'words',
          title: '填表说明',
          words: ['用黑色或蓝黑色笔填写，字迹清楚。带上户口簿和原居民身份证，由本人到窗口采集指纹和相片。'],
        },
      ],
    },
  },
  {
    name: 'fund-withdrawal',
    titleEnglish: 'Application to withdraw from the housing fund',
    itemCodes: ['11330099MB0A00030U3000103001000', '11330099MB0A00030U3000103002000'],
    sheet: {
      title: '住房公积金提取申请表',
      office: HOUSING_FUND,
      number: '公积金表 03',
      blocks: [
        {
          kind: 'rows',
          title: '一、申请人',
          rows: [...PERSON, [{ ask: '单位名称' }, { ask: '个人公积金账号' }]],
        },
        {
          kind: 'rows',
          title: '二、为什么提取',
          rows: [
            [{ ask: '原因', ticks: ['购买新房', '购买存量房', '租房', '还房贷', '退休'] }],
            [{ ask: '房屋坐落', share: 2 }, { ask: '面积（平方米）' }],
            [{ ask: '购房合同或租赁备案编号', share: 2 }, { ask: '总价或月租（元）' }],
            [{ ask: '申请提取金额（大写）', share: 2 }, { ask: '小写（元）' }],
          ],
        },
        {
          kind: 'rows',
          title: '三、配偶一同提取的填写',
          rows: [
            [{ ask: '配偶姓名' }, { ask: '个人公积金账号' }],
            [{ ask: '公民身份号码' }, { ask: '提取金额（元）' }],
          ],
        },
        {
          kind: 'rows',
          title: '四、收款银行卡',
          rows: [[{ ask: '开户银行' }, { ask: '户名（本人）' }], [{ ask: '卡号' }]],
        },
        { kind: 'page' },
        {
          kind: 'words',
          title: '五、承诺和授权',
          words: [
            '我承诺填写的内容和提交的材料真实，同一套房没有重复提取。不真实的，愿意退回提取的款项，并承担责任。',
            '我同意公积金中心向不动产登记、民政、公安、税务等部门核对与这次提取有关的信息，只用于这次办理。',
          ],
        },
        { kind: 'signature', who: ['申请人签名：', '配偶签名：'] },
        {
          kind: 'rows',
          title: '六、中心填写',
          rows: [
            [{ ask: '受理意见', lines: 3 }],
            [{ ask: '核定提取金额（元）' }, { ask: '经办人' }, { ask: '复核人' }],
          ],
        },
        {
          kind: 'words',
          title: '填表说明',
          words: [
            '1. 租房提取只填租房一栏；购房提取另附购房合同和付款凭证，联网能核对的不用带。',
            '2. 金额大写用零、壹、贰、叁、肆、伍、陆、柒、捌、玖、拾、佰、仟、万。',
            '3. 收款卡必须是本人的一类账户，配偶一同提取的分别付到各自的卡上。',
            '4. 材料齐全的，当场核定，三个工作日内到账。',
          ],
        },
      ],
    },
  },
  {
    name: 'assistance-application',
    titleEnglish: 'Application for social assistance',
    itemCodes: ['11330099MB0A00060Y3000106003000'],
    sheet: {
      title: '社会救助申请书',
      office: CIVIL_AFFAIRS,
      number: '民救表 01',
      blocks: [
        {
          kind: 'rows',
          title: '一、申请什么',
          rows: [[{ ask: '救助', ticks: ['最低生活保障', '特困供养', '临时救助', '专项救助'] }]],
        },
        { kind: 'rows', title: '二、申请人', rows: PERSON },
        {
          kind: 'rows',
          title: '三、共同生活的家人',
          rows: [1, 2, 3, 4].map(() => [
            { ask: '姓名', share: 1.2 },
            { ask: '关系' },
            { ask: '身份证号', share: 2 },
            { ask: '月收入' },
          ]),
        },
        { kind: 'rows', title: '四、家里的困难（可以请窗口代写）', rows: [[{ ask: '说明', lines: 4 }]] },
        {
          kind: 'words',
          title: '五、申请人声明',
          words: ['填写的内容真实。家里的人口、收入和财产有变化，我会在一个月内告诉乡镇（街道）。'],
        },
        { kind: 'signature', who: ['申请人签名：', '代书人签名（如有）：'] },
      ],
    },
  },
  {
    name: 'assistance-authorisation',
    titleEnglish: 'Authorisation to check the household’s means',
    itemCodes: ['11330099MB0A00060Y3000106003000'],
    sheet: {
      title: '家庭经济状况核查授权书',
      office: CIVIL_AFFAIRS,
      number: '民救表 02',
      blocks: [
        {
          kind: 'words',
          title: '一、授权核对什么',
          words: [
            '为了核定社会救助，我和共同生活的家人授权云溪区民政局及其核对机构，向下列部门和机构核对我们的收入和财产：公安、人力资源和社会保障、自然资源、税务、市场监管、住房公积金中心，以及银行、证券、保险等机构。',
            '核对的内容只用于社会救助，核对结果告诉我本人。授权从签名之日起，到不再享受救助之日止；我可以随时书面撤回，撤回后不再核对，也不再享受由此核定的救助。',
          ],
        },
        {
          kind: 'rows',
          title: '二、授权人（全部家庭成员；未成年人由监护人签）',
          rows: [1, 2, 3, 4, 5, 6].map(() => [
            { ask: '姓名' },
            { ask: '身份证号', share: 1.8 },
            { ask: '签名并按指印', share: 1.4 },
          ]),
        },
        { kind: 'signature', who: ['乡镇（街道）经办人：', '收到授权书日期：'] },
      ],
    },
  },
]
