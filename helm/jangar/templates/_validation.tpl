{{/* What the schema cannot see, each fault a line; nothing when all is well. */}}
{{- define "jangar.faults" -}}
{{- $values := .Values -}}
{{- $roles := ternary (list "controlPlane" "controllers") (list "controlPlane") $values.controllers.enabled -}}
{{- $faults := list -}}

{{- /* namespaces */ -}}
{{- range $name := list "controller" "orchestrationController" "supportingController" -}}
{{- $listed := (index $values $name).namespaces | default list -}}
{{- if has "*" $listed -}}
{{- if gt (len $listed) 1 -}}{{- $faults = append $faults (printf "%s.namespaces: \"*\" stands alone" $name) -}}{{- end -}}
{{- if not $values.rbac.clusterScoped -}}{{- $faults = append $faults (printf "%s.namespaces: \"*\" needs rbac.clusterScoped=true" $name) -}}{{- end -}}
{{- if and $values.rbac.clusterScoped (eq $name "controller") -}}{{- $faults = append $faults "controller.namespaces: \"*\" is not supported yet; name the namespaces" -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* callers */ -}}
{{- if and (eq $values.auth.mode "token") (not $values.auth.tokenSecret.name) -}}
{{- $faults = append $faults "auth.mode: token needs auth.tokenSecret.name" -}}
{{- end -}}

{{- /* images */ -}}
{{- range $role := $roles -}}
{{- $image := include "jangar.roleImage" (list $ $role) | fromJson -}}
{{- $own := (index $values $role).image -}}
{{- if and $own.repository (ne $own.repository $values.image.repository) $values.image.digest (not $own.digest) -}}
{{- $faults = append $faults (printf "%s.image.repository: image.digest is of another repository; set %s.image.digest" $role $role) -}}
{{- end -}}
{{- if and $values.imagePolicy.requireDigest (not $image.digest) -}}
{{- $faults = append $faults (printf "imagePolicy.requireDigest: the image of %s has no digest" $role) -}}
{{- end -}}
{{- end -}}
{{- if $values.imagePolicy.requireDigest -}}
{{- $runner := $values.runtime.agentRunnerImage | default (include "jangar.reference" (list $ $values.runner.image)) -}}
{{- range $of, $image := dict "runs" $runner "runtime.agentImage" $values.runtime.agentImage "runtime.scheduleRunnerImage" $values.runtime.scheduleRunnerImage -}}
{{- if and $image (not (contains "@" $image)) -}}
{{- $faults = append $faults (printf "imagePolicy.requireDigest: the image of %s has no digest" $of) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* names of the environment */ -}}
{{- $known := .Files.Lines "files/settings.txt" -}}
{{- $reserved := dict
      "JANGAR_POD_NAMESPACE" "" "JANGAR_POD_UID" ""
      "JANGAR_SERVICE_ACCOUNT_NAME" "serviceAccount.name"
      "JANGAR_RBAC_CLUSTER_SCOPED" "rbac.clusterScoped"
      "JANGAR_AGENTS_CONTROLLER_ENABLED" "controller.enabled"
      "JANGAR_ORCHESTRATION_CONTROLLER_ENABLED" "orchestrationController.enabled"
      "JANGAR_SUPPORTING_CONTROLLER_ENABLED" "supportingController.enabled" -}}
{{- if or $values.database.url $values.database.secretRef.name -}}
{{- $_ := set $reserved "DATABASE_URL" "database" -}}
{{- end -}}
{{- $managed := dict -}}
{{- range $role := $roles -}}
{{- $managed = merge $managed (include "jangar.managed" (list $ $role) | fromJson) (include "jangar.forced" (list $ $role) | fromJson) -}}
{{- end -}}
{{- $places := list (dict "at" "env.vars" "names" (keys $values.env.vars)) -}}
{{- $taken := merge (dict) $values.env.vars $managed -}}
{{- range $role := list "controlPlane" "controllers" -}}
{{- $vars := (index $values $role).env.vars -}}
{{- $places = append $places (dict "at" (printf "%s.env.vars" $role) "names" (keys $vars)) -}}
{{- if has $role $roles -}}{{- $taken = merge $taken $vars -}}{{- end -}}
{{- end -}}
{{- range $field := list "secrets" "config" "extra" -}}
{{- $names := list -}}
{{- range index $values.env $field -}}
{{- $names = append $names .name -}}
{{- if hasKey $taken .name -}}{{- $faults = append $faults (printf "env.%s: %s is rendered twice" $field .name) -}}{{- end -}}
{{- $_ := set $taken .name true -}}
{{- end -}}
{{- $places = append $places (dict "at" (printf "env.%s" $field) "names" $names) -}}
{{- end -}}
{{- $seen := dict -}}
{{- range $field := list "envFromSecretRefs" "envFromConfigMapRefs" -}}
{{- range index $values $field -}}
{{- if kindIs "map" . -}}
{{- $source := printf "%s %s" $field .name -}}
{{- range .keys -}}
{{- if hasKey $seen . -}}{{- $faults = append $faults (printf "%s: the key %s comes from %s too" $source . (get $seen .)) -}}{{- end -}}
{{- $_ := set $seen . $source -}}
{{- end -}}
{{- $places = append $places (dict "at" $source "names" (.keys | default list)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $place := $places -}}
{{- range $name := $place.names | sortAlpha -}}
{{- if hasKey $reserved $name -}}
{{- $instead := get $reserved $name -}}
{{- $faults = append $faults (printf "%s: %s is the chart's%s" $place.at $name (ternary "" (printf "; set %s" $instead) (empty $instead))) -}}
{{- else if and $values.grpc.manageEnvVar (hasPrefix "JANGAR_GRPC_" $name) -}}
{{- $faults = append $faults (printf "%s: %s is the chart's while grpc.manageEnvVar is true; set grpc" $place.at $name) -}}
{{- else if and (hasPrefix "JANGAR_" $name) (not (has $name $known)) (not $values.env.allowUnknown) -}}
{{- $faults = append $faults (printf "%s: no setting is called %s (env.allowUnknown=true lets it pass)" $place.at $name) -}}
{{- else if and (eq $name "JANGAR_ROUTES_DIR") $values.routes -}}
{{- $faults = append $faults (printf "%s: JANGAR_ROUTES_DIR would hide the files of routes" $place.at) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* gRPC, the database */ -}}
{{- range $role := $roles -}}
{{- $env := include "jangar.environment" (list $ $role) | fromJson -}}
{{- if and (eq $role "controllers") (has (lower (toString ($env.JANGAR_GRPC_ENABLED).value)) (list "1" "true" "yes" "on")) -}}
{{- $faults = append $faults "controllers.env.vars: JANGAR_GRPC_ENABLED on the controllers, which have no Service for it" -}}
{{- end -}}
{{- if not (or (hasKey $env "DATABASE_URL") $values.envFromSecretRefs $values.envFromConfigMapRefs) -}}
{{- $faults = append $faults (printf "database: %s has none; set database.secretRef.name or database.url" $role) -}}
{{- end -}}
{{- end -}}
{{- if and $values.database.createSecret.enabled (not $values.database.url) -}}
{{- $faults = append $faults "database.createSecret: it needs database.url" -}}
{{- end -}}
{{- if and $values.database.caSecret.name (not $values.database.caSecret.key) -}}
{{- $faults = append $faults "database.caSecret: its key is empty" -}}
{{- end -}}

{{- /* who leads: where runs are reconciled */ -}}
{{- $leads := last $roles -}}
{{- $env := include "jangar.environment" (list $ $leads) | fromJson -}}
{{- $lease := ($env.JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS).value | default "30" | int -}}
{{- $renew := ($env.JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS).value | default "20" | int -}}
{{- $retry := ($env.JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS).value | default "5" | int -}}
{{- if not (and (lt $retry $renew) (lt $renew $lease)) -}}
{{- $faults = append $faults (printf "controller.leaderElection: retryPeriodSeconds %d < renewDeadlineSeconds %d < leaseDurationSeconds %d does not hold" $retry $renew $lease) -}}
{{- end -}}
{{- $autoscaling := ternary $values.controllers.autoscaling $values.autoscaling (eq $leads "controllers") -}}
{{- if has (lower (toString ($env.JANGAR_LEADER_ELECTION_ENABLED).value)) (list "0" "false" "no" "off") -}}
{{- if or $autoscaling.enabled (gt (include "jangar.replicas" (list $ $leads) | int) 1) -}}
{{- $faults = append $faults (printf "controller.leaderElection: without it %s may have one replica and no autoscaling" $leads) -}}
{{- end -}}
{{- end -}}

{{- /* pods */ -}}
{{- $volumes := list "tmp" "db-ca-cert" "routes" -}}
{{- range $values.extraVolumes -}}
{{- if has .name $volumes -}}{{- $faults = append $faults (printf "extraVolumes: the name %s is taken" .name) -}}{{- end -}}
{{- $volumes = append $volumes .name -}}
{{- end -}}
{{- $mounts := list "/tmp" "/etc/jangar/routes" "/etc/jangar/ca" -}}
{{- range $values.extraVolumeMounts -}}
{{- if not (has .name $volumes) -}}{{- $faults = append $faults (printf "extraVolumeMounts: there is no volume %s" .name) -}}{{- end -}}
{{- if has .mountPath $mounts -}}{{- $faults = append $faults (printf "extraVolumeMounts: the path %s is taken" .mountPath) -}}{{- end -}}
{{- $mounts = append $mounts .mountPath -}}
{{- end -}}
{{- if ne (empty $values.kubernetesApi.host) (empty (toString $values.kubernetesApi.port)) -}}
{{- $faults = append $faults "kubernetesApi: host and port go together" -}}
{{- end -}}
{{- range $path, $_ := $values.routes -}}
{{- if or (hasPrefix "local/" $path) (hasPrefix "examples/" $path) -}}
{{- $faults = append $faults (printf "routes: nothing in %s is ever loaded" (dir $path)) -}}
{{- end -}}
{{- end -}}
{{- if has $values.controller.authSecret.name (without $values.controller.admissionPolicy.secrets.blocked "") -}}
{{- $faults = append $faults (printf "controller.authSecret: %s is among controller.admissionPolicy.secrets.blocked" $values.controller.authSecret.name) -}}
{{- end -}}

{{- /* availability */ -}}
{{- range $role := $roles -}}
{{- $split := eq $role "controllers" -}}
{{- $at := ternary "controllers." "" $split -}}
{{- $scaling := ternary $values.controllers.autoscaling $values.autoscaling $split -}}
{{- $budget := ternary $values.controllers.podDisruptionBudget $values.podDisruptionBudget $split -}}
{{- $floor := ternary (int $scaling.minReplicas) (include "jangar.replicas" (list $ $role) | int) $scaling.enabled -}}
{{- if $scaling.enabled -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- $faults = append $faults (printf "%sautoscaling: minReplicas is more than maxReplicas" $at) -}}
{{- end -}}
{{- $requests := ((index $values $role).resources | default $values.resources).requests | default dict -}}
{{- range $resource, $target := dict "cpu" $scaling.targetCPUUtilizationPercentage "memory" $scaling.targetMemoryUtilizationPercentage -}}
{{- if and $target (not (hasKey $requests $resource)) -}}
{{- $faults = append $faults (printf "%sautoscaling: the target for %s needs a request for it under resources" $at $resource) -}}
{{- end -}}
{{- end -}}
{{- if not (or $scaling.targetCPUUtilizationPercentage $scaling.targetMemoryUtilizationPercentage) -}}
{{- $faults = append $faults (printf "%sautoscaling: there is no target" $at) -}}
{{- end -}}
{{- end -}}
{{- if $budget.enabled -}}
{{- $least := include "jangar.bound" $budget.minAvailable -}}
{{- $most := include "jangar.bound" $budget.maxUnavailable -}}
{{- if eq (empty $least) (empty $most) -}}
{{- $faults = append $faults (printf "%spodDisruptionBudget: set one of minAvailable and maxUnavailable" $at) -}}
{{- else if $least -}}
{{- $kept := int $least -}}
{{- if hasSuffix "%" $least -}}
{{- $kept = div (add (mul (trimSuffix "%" $least | int) $floor) 99) 100 | int -}}
{{- end -}}
{{- if ge $kept $floor -}}
{{- $faults = append $faults (printf "%spodDisruptionBudget: minAvailable %s of %d replicas lets none be moved; lower it, use maxUnavailable, or switch it off" $at $least $floor) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* a Secret or ConfigMap whose change should roll the pods */ -}}
{{- if $values.rolloutChecksums.enabled -}}
{{- $secrets := list $values.database.caSecret.name -}}
{{- if not $values.database.url -}}{{- $secrets = append $secrets $values.database.secretRef.name -}}{{- end -}}
{{- $configMaps := list -}}
{{- range $values.env.secrets -}}{{- $secrets = append $secrets .secretName -}}{{- end -}}
{{- range $values.env.config -}}{{- $configMaps = append $configMaps .configMapName -}}{{- end -}}
{{- range $values.envFromSecretRefs -}}{{- $secrets = append $secrets (include "jangar.envFrom" . | fromYaml).name -}}{{- end -}}
{{- range $values.envFromConfigMapRefs -}}{{- $configMaps = append $configMaps (include "jangar.envFrom" . | fromYaml).name -}}{{- end -}}
{{- range $field, $used := dict "secrets" $secrets "configMaps" $configMaps -}}
{{- $listed := list "" -}}
{{- range index $values.rolloutChecksums $field -}}{{- $listed = append $listed .name -}}{{- end -}}
{{- range $used | uniq -}}
{{- if not (has . $listed) -}}{{- $faults = append $faults (printf "rolloutChecksums.%s: %s is not listed" $field .) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $faults | uniq | join "\n" -}}
{{- end -}}

{{/* A bound of a budget as text; 0 is one. */}}
{{- define "jangar.bound" -}}
{{- if kindIs "string" . -}}
{{- . -}}
{{- else if not (kindIs "invalid" .) -}}
{{- printf "%d" (int64 .) -}}
{{- end -}}
{{- end -}}
