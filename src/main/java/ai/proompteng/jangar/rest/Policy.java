package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Ref;

/** What a request wants policy to look at; refused until that is built. */
record Policy(Ref budgetRef, Ref secretBindingRef) {

  /** Refuses one that is given. */
  static void notYet(Policy policy) {
    if (policy != null) {
      throw ErrorCode.NOT_SUPPORTED_YET.at("policy", "policy is not supported yet");
    }
  }
}
