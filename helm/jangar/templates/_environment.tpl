{{/*
The environment of a role, as a JSON object of name -> what Kubernetes has beside the name: (list . "controlPlane").
Later layers win: what the chart sets, env.vars, the component's env.vars, what the controllers are forced to.
*/}}
{{- define "jangar.environment" -}}
{{- $ := index . 0 -}}
{{- $role := index . 1 -}}
{{- $own := (index $.Values $role).env.vars | default dict -}}
{{- $env := include "jangar.managed" . | fromJson -}}
{{- range $name, $value := $.Values.env.vars -}}
{{- $_ := set $env $name (dict "value" $value) -}}
{{- end -}}
{{- range $name, $value := include "jangar.forced" . | fromJson -}}
{{- $_ := set $env $name (dict "value" $value) -}}
{{- end -}}
{{- range $name, $value := $own -}}
{{- $_ := set $env $name (dict "value" $value) -}}
{{- end -}}
{{- range $.Values.env.secrets -}}
{{- $_ := set $env .name (dict "valueFrom" (dict "secretKeyRef" (dict "name" .secretName "key" (.key | default "value")))) -}}
{{- end -}}
{{- range $.Values.env.config -}}
{{- $_ := set $env .name (dict "valueFrom" (dict "configMapKeyRef" (dict "name" .configMapName "key" (.key | default .name)))) -}}
{{- end -}}
{{- range $.Values.env.extra -}}
{{- $_ := set $env .name (dict "value" .value) -}}
{{- end -}}
{{- $env | toJson -}}
{{- end -}}

{{/* What only controllers.env.vars can change, on the controllers. */}}
{{- define "jangar.forced" -}}
{{- $forced := dict -}}
{{- if eq (index . 1) "controllers" -}}
{{- $forced = dict "JANGAR_MIGRATIONS" "skip" "JANGAR_GRPC_ENABLED" "0" "JANGAR_CONTROL_PLANE_CACHE_ENABLED" "0" "JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED" "true" -}}
{{- end -}}
{{- $forced | toJson -}}
{{- end -}}

{{/* What the chart sets. */}}
{{- define "jangar.managed" -}}
{{- $ := index . 0 -}}
{{- $role := index . 1 -}}
{{- $values := $.Values -}}
{{- $env := dict -}}
{{- range $name, $path := $.Files.Get "files/environment.yaml" | fromYaml -}}
{{- $value := include "jangar.valueAt" (list $values $path) -}}
{{- if ne $value "" -}}{{- $_ := set $env $name (dict "value" $value) -}}{{- end -}}
{{- end -}}

{{- /* Which controllers run here. */ -}}
{{- $reconciles := or (eq $role "controllers") (not $values.controllers.enabled) -}}
{{- range $name, $enabled := dict
      "JANGAR_AGENTS_CONTROLLER_ENABLED" $values.controller.enabled
      "JANGAR_ORCHESTRATION_CONTROLLER_ENABLED" $values.orchestrationController.enabled
      "JANGAR_SUPPORTING_CONTROLLER_ENABLED" $values.supportingController.enabled
      "JANGAR_PRIMITIVES_RECONCILER" true -}}
{{- $_ := set $env $name (dict "value" (ternary "1" "0" (and $reconciles $enabled))) -}}
{{- end -}}

{{- /* Where they look. */ -}}
{{- $namespaces := include "jangar.namespaces" $ -}}
{{- $_ := set $env "JANGAR_AGENTS_CONTROLLER_NAMESPACES" (dict "value" $namespaces) -}}
{{- $_ := set $env "JANGAR_PRIMITIVES_NAMESPACES" (dict "value" $namespaces) -}}
{{- range $name, $controller := dict
      "JANGAR_ORCHESTRATION_CONTROLLER_NAMESPACES" $values.orchestrationController
      "JANGAR_SUPPORTING_CONTROLLER_NAMESPACES" $values.supportingController -}}
{{- $listed := ternary $namespaces ($controller.namespaces | toJson) (kindIs "invalid" $controller.namespaces) -}}
{{- $_ := set $env $name (dict "value" $listed) -}}
{{- end -}}

{{- /* Who this is. */ -}}
{{- $_ := set $env "JANGAR_POD_NAMESPACE" (dict "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.namespace"))) -}}
{{- $_ := set $env "JANGAR_POD_UID" (dict "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.uid"))) -}}
{{- $_ := set $env "JANGAR_SERVICE_ACCOUNT_NAME" (dict "value" (include "jangar.roleServiceAccountName" .)) -}}
{{- $_ := set $env "JANGAR_RBAC_CLUSTER_SCOPED" (dict "value" (toString $values.rbac.clusterScoped)) -}}
{{- $_ := set $env "JANGAR_IMAGE" (dict "value" (include "jangar.reference" (list $ (include "jangar.roleImage" . | fromJson)))) -}}

{{- /* gRPC, which the controllers do not serve. */ -}}
{{- if eq $role "controllers" -}}
{{- $_ := set $env "JANGAR_GRPC_ENABLED" (dict "value" "0") -}}
{{- else -}}
{{- $_ := set $env "JANGAR_GRPC_ENABLED" (dict "value" (toString $values.grpc.enabled)) -}}
{{- if $values.grpc.enabled -}}
{{- $_ := set $env "JANGAR_GRPC_HOST" (dict "value" "0.0.0.0") -}}
{{- $_ := set $env "JANGAR_GRPC_PORT" (dict "value" (include "jangar.valueAt" (list $values "grpc.port"))) -}}
{{- end -}}
{{- end -}}

{{- /* What runs have that say nothing else. */ -}}
{{- $runner := $values.runtime.agentRunnerImage | default (include "jangar.reference" (list $ $values.runner.image)) -}}
{{- if $runner -}}{{- $_ := set $env "JANGAR_AGENT_RUNNER_IMAGE" (dict "value" $runner) -}}{{- end -}}
{{- $ttl := include "jangar.valueAt" (list $values "controller.jobTtlSeconds") -}}
{{- $ttl = ternary $ttl (include "jangar.valueAt" (list $values "controller.jobTtlSecondsAfterFinished")) (ne $ttl "") -}}
{{- if ne $ttl "" -}}{{- $_ := set $env "JANGAR_AGENT_RUNNER_JOB_TTL_SECONDS" (dict "value" $ttl) -}}{{- end -}}
{{- $pull := concat ($values.controller.defaultWorkload.imagePullSecrets | default list) ($values.runner.image.pullSecrets | default list) | uniq -}}
{{- if $pull -}}{{- $_ := set $env "JANGAR_AGENT_RUNNER_IMAGE_PULL_SECRETS" (dict "value" ($pull | toJson)) -}}{{- end -}}
{{- $account := $values.controller.defaultWorkload.serviceAccountName -}}
{{- if and (not $account) $values.runnerServiceAccount.create $values.runnerServiceAccount.setAsDefault -}}
{{- $account = include "jangar.runnerServiceAccountName" $ -}}
{{- end -}}
{{- if $account -}}{{- $_ := set $env "JANGAR_AGENT_RUNNER_SERVICE_ACCOUNT" (dict "value" $account) -}}{{- end -}}

{{- /* The database. */ -}}
{{- $database := $values.database -}}
{{- if and $database.createSecret.enabled $database.url -}}
{{- $secret := $database.createSecret.name | default (include "jangar.derived" (list $ "db")) -}}
{{- $_ := set $env "DATABASE_URL" (dict "valueFrom" (dict "secretKeyRef" (dict "name" $secret "key" "url"))) -}}
{{- else if $database.url -}}
{{- $_ := set $env "DATABASE_URL" (dict "value" $database.url) -}}
{{- else if $database.secretRef.name -}}
{{- $_ := set $env "DATABASE_URL" (dict "valueFrom" (dict "secretKeyRef" (dict "name" $database.secretRef.name "key" ($database.secretRef.key | default "url")))) -}}
{{- end -}}
{{- if $database.caSecret.name -}}
{{- $_ := set $env "PGSSLROOTCERT" (dict "value" (printf "/etc/jangar/ca/%s" $database.caSecret.key)) -}}
{{- end -}}

{{- /* Who may call: nobody calls the controllers. */ -}}
{{- if eq $role "controlPlane" -}}
{{- $_ := set $env "JANGAR_AUTH_MODE" (dict "value" $values.auth.mode) -}}
{{- if $values.auth.tokenSecret.name -}}
{{- $_ := set $env "JANGAR_AUTH_TOKENS_FILE" (dict "value" (printf "/etc/jangar/auth/%s" $values.auth.tokenSecret.key)) -}}
{{- end -}}
{{- end -}}

{{- if $values.routes -}}
{{- $_ := set $env "JANGAR_ROUTES_DIR" (dict "value" "/etc/jangar/routes") -}}
{{- end -}}
{{- $env | toJson -}}
{{- end -}}

{{/*
A value by its dotted path, as an environment variable has it: (list .Values "a.b"). Empty when it is absent, null or empty;
false and 0 are values, and a large number is written out.
*/}}
{{- define "jangar.valueAt" -}}
{{- $at := index . 0 -}}
{{- range splitList "." (index . 1) -}}
{{- if kindIs "map" $at -}}{{- $at = get $at . -}}{{- else -}}{{- $at = "" -}}{{- end -}}
{{- end -}}
{{- if kindIs "bool" $at -}}
{{- $at -}}
{{- else if or (kindIs "float64" $at) (kindIs "int64" $at) (kindIs "int" $at) -}}
{{- printf "%d" (int64 $at) -}}
{{- else if and $at (or (kindIs "map" $at) (kindIs "slice" $at)) -}}
{{- $at | toJson -}}
{{- else if kindIs "string" $at -}}
{{- $at -}}
{{- end -}}
{{- end -}}
