import { describe } from 'vitest'
import { walkEveryService } from './services.ts'

describe('whoever reads Chinese walks every service by touch alone', () => walkEveryService('zh'))
