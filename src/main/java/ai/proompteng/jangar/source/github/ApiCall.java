package ai.proompteng.jangar.source.github;

import java.net.URI;
import java.util.Map;

/**
 * One request to GitHub's REST API.
 *
 * @param path below the base URL, or a whole address that GitHub named
 * @param body the fields of a JSON object; null for none
 */
record ApiCall(String method, String path, Map<String, Object> body) {

  static ApiCall get(String path) {
    return new ApiCall("GET", path, null);
  }

  static ApiCall post(String path, Map<String, Object> body) {
    return new ApiCall("POST", path, body);
  }

  static ApiCall patch(String path, Map<String, Object> body) {
    return new ApiCall("PATCH", path, body);
  }

  static ApiCall delete(String path) {
    return new ApiCall("DELETE", path, null);
  }

  /** The same, elsewhere. */
  ApiCall at(String address) {
    return new ApiCall(method, address, body);
  }

  /**
   * The whole address.
   *
   * @throws IllegalArgumentException when it is on another host: a token must not go there
   */
  URI address(URI base) {
    var address = path.startsWith("/") ? URI.create(base + path) : URI.create(path);
    boolean same =
        base.getScheme().equalsIgnoreCase(address.getScheme())
            && base.getAuthority().equalsIgnoreCase(address.getAuthority());
    if (!same) {
      throw new IllegalArgumentException(address.getHost() + " is not " + base.getHost());
    }
    return address;
  }
}
