package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The namespaces that requests may be about.
 *
 * @param watched all of them; the first is meant where a request names none
 */
public record Places(List<String> watched) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** The namespace that is meant; one that is not watched, or not the caller's, is not there. */
  String enter(String asked, Caller caller) {
    var namespace = asked == null ? caller.home(watched.get(0)) : asked;
    if (!FORM.matcher(namespace).matches()) {
      throw ErrorCode.INVALID_FIELD.at("namespace", "namespace is not valid");
    }
    if (!watched.contains(namespace)) {
      throw missing();
    }
    return caller.enter(namespace, Places::missing);
  }

  /** The namespace that a request counts for: the one that is meant, else the caller's first. */
  String scope(String asked, Caller caller) {
    return asked == null
        ? watched.stream().filter(caller::sees).findFirst().orElseThrow(Places::missing)
        : enter(asked, caller);
  }

  /** Which namespaces a list is of: the one that is meant, or all of the caller's. */
  List<String> all(String asked, Caller caller) {
    return asked == null
        ? watched.stream().filter(caller::sees).toList()
        : List.of(enter(asked, caller));
  }

  static Refused missing() {
    return ErrorCode.NOT_FOUND.refuse("there is no such namespace");
  }
}
