import './withoutEval.js';
import * as contract from '@latchkey/server/contract';

/** The least that any server of this app asks for; one may ask for more, and will say so. */
const policy = { passwordMinLength: 8 };

export const registerSchema = contract.registerSchema(policy);
export const changePasswordSchema = contract.changePasswordSchema(policy);
export const resetPasswordSchema = contract.resetPasswordSchema(policy);
export const { changeEmailSchema, deleteAccountSchema, loginSchema, requestResetSchema } = contract;
