package ai.proompteng.jangar.rest;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The namespaces that requests may be about.
 *
 * @param watched all of them; the first is meant where a request names none
 */
public record Places(List<String> watched) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** The namespace that is meant; one that is not watched is not there. */
  String enter(String namespace) {
    if (namespace == null) {
      return watched.get(0);
    }
    if (!FORM.matcher(namespace).matches()) {
      throw ErrorCode.INVALID_FIELD.at("namespace", "namespace is not valid");
    }
    if (!watched.contains(namespace)) {
      throw ErrorCode.NOT_FOUND.refuse("there is no such namespace");
    }
    return namespace;
  }
}
