import './withoutEval.js';
import * as contract from '@latchkey/server/contract';
import { PASSWORD_MIN_LENGTH } from './passwordMinLength.js';

const POLICY = { passwordMinLength: PASSWORD_MIN_LENGTH };

export const registerSchema = contract.registerSchema(POLICY);
export const changePasswordSchema = contract.changePasswordSchema(POLICY);
export const resetPasswordSchema = contract.resetPasswordSchema(POLICY);
export const { changeEmailSchema, deleteAccountSchema, loginSchema, requestResetSchema } = contract;
