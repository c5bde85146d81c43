package ai.proompteng.jangar.testing;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One thing that a rule allows.
 *
 * @param resource the plural, a subresource as {@code pods/log}
 * @param name empty: whatever its name
 */
public record Permission(String verb, String group, String resource, String name) {

  /** Each verb of each resource of those rules. */
  public static Set<Permission> of(Collection<PolicyRule> rules) {
    var all = new LinkedHashSet<Permission>();
    for (var rule : rules) {
      var names = rule.getResourceNames().isEmpty() ? List.of("") : rule.getResourceNames();
      for (var group : rule.getApiGroups()) {
        for (var resource : rule.getResources()) {
          for (var verb : rule.getVerbs()) {
            names.forEach(name -> all.add(new Permission(verb, group, resource, name)));
          }
        }
      }
    }
    return all;
  }

  /** A rule that allows this alone. */
  public PolicyRule rule() {
    return new PolicyRuleBuilder()
        .withVerbs(verb)
        .withApiGroups(group)
        .withResources(resource)
        .withResourceNames(name.isEmpty() ? List.of() : List.of(name))
        .build();
  }

  /** The same of whatever name. */
  public Permission withoutName() {
    return new Permission(verb, group, resource, "");
  }

  /** True when that request needs no more than this. */
  public boolean allows(Permission request) {
    return verb.equals(request.verb)
        && group.equals(request.group)
        && resource.equals(request.resource)
        && (name.isEmpty() || name.equals(request.name));
  }

  @Override
  public String toString() {
    var of = group.isEmpty() ? "" : "." + group;
    return verb + " " + resource + of + (name.isEmpty() ? "" : " " + name);
  }
}
