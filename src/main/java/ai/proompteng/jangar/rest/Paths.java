package ai.proompteng.jangar.rest;

/** Whether a route's path, with {@code :name} for any one segment and a last {@code *}, fits. */
final class Paths {
  private Paths() {}

  static boolean match(String route, String path) {
    if (route.endsWith("*")) {
      return path.startsWith(route.substring(0, route.length() - 1));
    }
    var wanted = route.split("/");
    var there = path.split("/"); // a slash at the end makes no difference
    if (wanted.length != there.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!wanted[i].equals(there[i]) && !(wanted[i].startsWith(":") && !there[i].isEmpty())) {
        return false;
      }
    }
    return true;
  }
}
