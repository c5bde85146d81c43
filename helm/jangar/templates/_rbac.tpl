{{/*
The rights of the server, cut to the requests that it makes: the test suite runs under these rules, and
src/test/cluster/rules holds each of them against the API server's audit log.
*/}}

{{/* "true" where the controllers have an account of their own. */}}
{{- define "jangar.rbac.split" -}}
{{- if ne (include "jangar.controllersServiceAccountName" .) (include "jangar.serviceAccountName" .) -}}
true
{{- end -}}
{{- end -}}

{{/* A Role's name in a watched namespace; in a foreign one with ours before it, since two releases may watch it. */}}
{{- define "jangar.rbac.roleName" -}}
{{- $own := include "jangar.namespace" .root -}}
{{- $name := include "jangar.fullname" .root -}}
{{- if .part }}{{- $name = include "jangar.derived" (list .root .part) -}}{{- end -}}
{{- if eq .namespace $own -}}
{{- $name -}}
{{- else -}}
{{- printf "%s-%s" $own $name -}}
{{- end -}}
{{- end -}}

{{/* What the control plane asks for: it takes deliveries in, and does what REST is asked for. */}}
{{- define "jangar.rules.controlPlane" -}}
- apiGroups: [agents.proompteng.ai]
  resources: [agents, agentruns]
  verbs: [get, list, watch, create, patch]
- apiGroups: [agents.proompteng.ai]
  resources: [agentproviders, implementationspecs]
  verbs: [get, list, watch]
- apiGroups: [agents.proompteng.ai]
  resources: [implementationsources]
  verbs: [list, watch]
{{ include "jangar.rules.secrets" . }}
{{- end -}}

{{/* What the controllers ask for: they judge, submit, observe and tell. */}}
{{- define "jangar.rules.controllers" -}}
- apiGroups: [agents.proompteng.ai]
  resources: [agentproviders, implementationsources]
  verbs: [get, list, watch]
- apiGroups: [agents.proompteng.ai]
  resources: [agents, implementationspecs, agentruns]
  verbs: [get, list, watch, create, patch]
- apiGroups: [agents.proompteng.ai]
  resources: [agents/status, agentproviders/status, implementationsources/status, implementationspecs/status, agentruns/status]
  verbs: [update]
{{- if .Values.rbac.openshift }}
- apiGroups: [agents.proompteng.ai]
  resources: [agentruns/finalizers]
  verbs: [update]
{{- end }}
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{ include "jangar.rules.secrets" . }}
{{- end -}}

{{/* The Secrets that the server itself reads, by name; none unless they are named. */}}
{{- define "jangar.rules.secrets" -}}
{{- with .Values.rbac.secretNames -}}
- apiGroups: [""]
  resources: [secrets]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end -}}
{{- end -}}

{{/* The Lease of who leads: a create cannot be bound to a name. */}}
{{- define "jangar.rules.leader" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ .Values.controller.leaderElection.leaseName | quote }}]
  verbs: [get, update]
{{- end -}}

{{/* One role of one account in one namespace. Of: root, namespace, part, account, rules. */}}
{{- define "jangar.rbac.grant" }}
{{- $name := include "jangar.rbac.roleName" . }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ .namespace }}
  labels: {{- include "jangar.labels" .root | nindent 4 }}
rules: {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $name }}
  namespace: {{ .namespace }}
  labels: {{- include "jangar.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ include "jangar.namespace" .root }}
{{- end }}

{{/* An account. Of: root, name, annotations, token: whether pods have its token unless they say otherwise. */}}
{{- define "jangar.account" }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  namespace: {{ include "jangar.namespace" .root }}
  labels: {{- include "jangar.labels" .root | nindent 4 }}
  {{- with .annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .token }}
{{- end }}
