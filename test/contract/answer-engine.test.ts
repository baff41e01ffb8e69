import { extractiveEngine } from '@cuewire/server/domain/chat/engines/extractive.js'
import { answerEngineContract } from './answer-engine.js'

answerEngineContract('extractive', extractiveEngine)
