{{/* A Deployment, the same but for its role's values: (list . "controlPlane"). */}}
{{- define "jangar.deployment" -}}
{{- $ := index . 0 -}}
{{- $role := index . 1 -}}
{{- $values := $.Values -}}
{{- $own := index $values $role -}}
{{- $env := include "jangar.environment" . | fromJson -}}
{{- $image := include "jangar.roleImage" . | fromJson -}}
{{- $lifecycle := $own.deploymentLifecycle -}}
{{- $autoscaling := ternary $values.controllers.autoscaling $values.autoscaling (eq $role "controllers") -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "jangar.roleFullname" . }}
  namespace: {{ include "jangar.namespace" $ }}
  labels: {{- include "jangar.roleLabels" . | nindent 4 }}
spec:
  {{- if not $autoscaling.enabled }}
  replicas: {{ include "jangar.replicas" . }}
  {{- end }}
  minReadySeconds: {{ $lifecycle.minReadySeconds }}
  progressDeadlineSeconds: {{ $lifecycle.progressDeadlineSeconds }}
  revisionHistoryLimit: {{ $lifecycle.revisionHistoryLimit }}
  strategy: {{- toYaml $own.deploymentStrategy | nindent 4 }}
  selector:
    matchLabels: {{- include "jangar.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "jangar.roleLabels" . | nindent 8 }}
        {{- with $values.podLabels }}{{ toYaml . | nindent 8 }}{{ end }}
      {{- with include "jangar.podAnnotations" $ | fromJson }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "jangar.roleServiceAccountName" . }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ $own.terminationGracePeriodSeconds }}
      securityContext: {{- toYaml $values.securityContext | nindent 8 }}
      {{- with $image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: jangar
          image: {{ include "jangar.reference" (list $ $image) | quote }}
          imagePullPolicy: {{ $image.pullPolicy }}
          securityContext: {{- toYaml $values.containerSecurityContext | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ ($env.PORT).value | default 8080 | int }}
            {{- if and $values.grpc.enabled (eq $role "controlPlane") }}
            - name: grpc
              containerPort: {{ ($env.JANGAR_GRPC_PORT).value | default $values.grpc.port | int }}
            {{- end }}
          env:
            {{- range $name, $from := $env }}
            - {{ toYaml (merge (dict "name" $name) $from) | nindent 14 | trim }}
            {{- end }}
          {{- if or $values.envFromSecretRefs $values.envFromConfigMapRefs }}
          envFrom:
            {{- range $values.envFromSecretRefs }}
            - secretRef: {{- include "jangar.envFrom" . | nindent 16 }}
            {{- end }}
            {{- range $values.envFromConfigMapRefs }}
            - configMapRef: {{- include "jangar.envFrom" . | nindent 16 }}
            {{- end }}
          {{- end }}
          {{- range $probe := list "livenessProbe" "readinessProbe" "startupProbe" }}
          {{- with mergeOverwrite (deepCopy (index $values $probe)) (index $own $probe | default dict) }}
          {{- if .enabled }}
          {{ $probe }}:
            httpGet: {path: {{ .path }}, port: http}
            initialDelaySeconds: {{ .initialDelaySeconds }}
            periodSeconds: {{ .periodSeconds }}
            timeoutSeconds: {{ .timeoutSeconds }}
            failureThreshold: {{ .failureThreshold }}
          {{- end }}
          {{- end }}
          {{- end }}
          {{- with $own.lifecycle }}
          lifecycle: {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $own.resources | default $values.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- if $values.routes }}
            - {name: routes, mountPath: /etc/jangar/routes, readOnly: true}
            {{- end }}
            {{- if $values.database.caSecret.name }}
            - {name: db-ca-cert, mountPath: /etc/jangar/ca, readOnly: true}
            {{- end }}
            {{- if and $values.auth.tokenSecret.name (eq $role "controlPlane") }}
            - {name: auth-tokens, mountPath: /etc/jangar/auth, readOnly: true}
            {{- end }}
            {{- with $values.extraVolumeMounts }}{{ toYaml . | nindent 12 }}{{ end }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- if $values.routes }}
        - name: routes
          configMap:
            name: {{ include "jangar.derived" (list $ "routes") }}
            items:
              {{- range $path, $_ := $values.routes }}
              - {key: {{ include "jangar.routeKey" $path }}, path: {{ $path | quote }}}
              {{- end }}
        {{- end }}
        {{- with $values.database.caSecret }}
        {{- if .name }}
        - name: db-ca-cert
          secret:
            secretName: {{ .name }}
            items: [{key: {{ .key | quote }}, path: {{ .key | quote }}}]
        {{- end }}
        {{- end }}
        {{- with $values.auth.tokenSecret }}
        {{- if and .name (eq $role "controlPlane") }}
        - name: auth-tokens
          secret:
            secretName: {{ .name }}
            items: [{key: {{ .key | quote }}, path: {{ .key | quote }}}]
        {{- end }}
        {{- end }}
        {{- range $values.extraVolumes }}
        - {{ toYaml (merge (dict "name" .name) .volume) | nindent 10 | trim }}
        {{- end }}
{{- end -}}

{{- define "jangar.replicas" -}}
{{- $values := (index . 0).Values -}}
{{- if eq (index . 1) "controllers" -}}
{{- int $values.controllers.replicaCount -}}
{{- else if hasKey $values.controlPlane "replicaCount" -}}
{{- int $values.controlPlane.replicaCount -}}
{{- else -}}
{{- int $values.replicaCount -}}
{{- end -}}
{{- end -}}

{{/* How a route file's path is written as a ConfigMap's key: paths have no underscore. */}}
{{- define "jangar.routeKey" -}}
{{- . | replace "/" "__" -}}
{{- end -}}

{{- define "jangar.envFrom" -}}
{{- if kindIs "string" . -}}
name: {{ . }}
{{- else -}}
name: {{ .name }}
{{- if hasKey . "optional" }}
optional: {{ .optional }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Annotations whose change rolls the pods, and the user's. */}}
{{- define "jangar.podAnnotations" -}}
{{- $annotations := deepCopy (.Values.podAnnotations | default dict) -}}
{{- with .Values.routes -}}
{{- $_ := set $annotations "agents.proompteng.ai/checksum-routes" (toJson . | sha256sum) -}}
{{- end -}}
{{- if and .Values.database.url .Values.database.createSecret.enabled -}}
{{- $_ := set $annotations "agents.proompteng.ai/checksum-database" (sha256sum .Values.database.url) -}}
{{- end -}}
{{- if .Values.rolloutChecksums.enabled -}}
{{- range $kind, $listed := dict "secret" .Values.rolloutChecksums.secrets "configmap" .Values.rolloutChecksums.configMaps -}}
{{- range $listed -}}
{{- $where := printf "%s:%s/%s" $kind (.namespace | default (include "jangar.namespace" $)) .name -}}
{{- $_ := set $annotations (printf "agents.proompteng.ai/checksum-%s-%s" $kind (sha256sum $where | trunc 24)) .checksum -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $annotations | toJson -}}
{{- end -}}
