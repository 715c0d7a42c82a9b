package controls

import (
	"context"
	"errors"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
)

func (Operations) GetHealth(context.Context, GetHealthRequestObject) (GetHealthResponseObject, error) {
	return GetHealth200JSONResponse{Status: HealthStatusOk}, nil
}

func (o Operations) Reset(ctx context.Context, request ResetRequestObject) (ResetResponseObject, error) {
	var parts []tenant.Part
	if request.Body != nil {
		for _, part := range request.Body.Parts {
			parts = append(parts, tenant.Part(part))
		}
	}
	return Reset204Response{}, refusal.Invalid(o.Project(ctx).Reset(parts...))
}

func (o Operations) ListProjects(context.Context, ListProjectsRequestObject) (ListProjectsResponseObject, error) {
	list := ListProjects200JSONResponse{}
	for _, p := range o.house.Projects.All() {
		list = append(list, projectOnTheWire(p))
	}
	return list, nil
}

func (o Operations) AddProject(_ context.Context, request AddProjectRequestObject) (AddProjectResponseObject, error) {
	var given tenant.Given
	if body := request.Body; body != nil {
		given = tenant.Given{
			ID:                body.ID,
			SecretKey:         body.SecretKey,
			PublishableKey:    body.PublishableKey,
			RedirectURIs:      body.RedirectURIs,
			AllowedDomains:    body.AllowedDomains,
			Format:            body.Format,
			Statements:        body.Statements,
			ReusableNonces:    body.ReusableNonces,
			UnknownProperties: body.UnknownProperties,
			IDTokenClaims:     body.IDTokenClaims,
		}
	}
	p, err := o.house.Projects.Add(given.Set)
	var wrong *tenant.FieldError
	if errors.As(err, &wrong) {
		return nil, refusal.Invalid(wrong.Named())
	}
	if err != nil {
		return nil, err
	}
	return AddProject201JSONResponse(projectOnTheWire(p)), nil
}

func (o Operations) RemoveProject(_ context.Context, request RemoveProjectRequestObject) (RemoveProjectResponseObject, error) {
	return RemoveProject204Response{}, o.house.Projects.Remove(request.ID)
}

func projectOnTheWire(p *tenant.Project) Project {
	return Project{
		ID: p.ID, SecretKey: p.SecretKey, PublishableKey: p.PublishableKey,
		RedirectURIs: append([]string{}, p.State.RedirectURIs.All()...), AllowedDomains: append([]string{}, p.State.Domains.All()...),
	}
}

func (o Operations) AllowRedirectURI(ctx context.Context, request AllowRedirectURIRequestObject) (AllowRedirectURIResponseObject, error) {
	return AllowRedirectURI204Response{}, refusal.Invalid(o.Project(ctx).AllowRedirectURI(request.Body.RedirectURI))
}

func (o Operations) AllowDomain(ctx context.Context, request AllowDomainRequestObject) (AllowDomainResponseObject, error) {
	return AllowDomain204Response{}, refusal.Invalid(o.Project(ctx).AllowDomain(request.Body.Domain))
}
