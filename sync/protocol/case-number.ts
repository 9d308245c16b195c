/** 办件编号 (DOMAIN.md §1): opaque, at most 50 letters and digits. */
import { z } from 'zod'

export const CaseNo = z.string().regex(/^[0-9A-Za-z]{1,50}$/)
