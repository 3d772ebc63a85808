//! The closed words in the list of constituents: what kind of body it is, and whether its domain is in use.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// What kind of body a constituent is.
    BodyKind {
        /// A municipality.
        Municipality = "gemeente",
        /// A public centre for social welfare.
        SocialWelfare = "ocmw",
        /// A company of a municipality.
        MunicipalCompany = "agb",
        /// A province.
        Province = "provincie",
        /// A company of a province.
        ProvincialCompany = "apb",
        /// A police zone.
        PoliceZone = "politiezone",
        /// A fire and rescue zone.
        RescueZone = "hulpverleningszone",
        /// Municipalities together, in any other form.
        Intercommunal = "intercommunale",
        /// Municipalities together for a project.
        ProjectAssociation = "projectvereniging",
        /// Municipalities together that serve others.
        ServiceAssociation = "dienstverlenende-vereniging",
        /// Municipalities together with a task of their own.
        TaskAssociation = "opdrachthoudende-vereniging",
        /// Centres for social welfare together, and their care institutions.
        WelfareAssociation = "welzijnsvereniging",
        /// Any other body.
        Other = "andere",
    }
}

closed_list! {
    /// Is a domain in use?
    DomainStatus {
        /// Yes: a proof of it proves the constituent.
        Active = "active",
        /// From before a merger: recognised, proves nothing.
        Merged = "merged",
        /// No longer: recognised, proves nothing.
        Inactive = "inactive",
    }
}
