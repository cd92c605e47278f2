import './withoutEval.js';
import * as contract from '@latchkey/server/contract';
import { PASSWORD_MIN_LENGTH } from './passwordMinLength.js';

const policy = { passwordMinLength: PASSWORD_MIN_LENGTH };

export const registerSchema = contract.registerSchema(policy);
export const changePasswordSchema = contract.changePasswordSchema(policy);
export const resetPasswordSchema = contract.resetPasswordSchema(policy);
export const { changeEmailSchema, deleteAccountSchema, loginSchema, requestResetSchema } = contract;
